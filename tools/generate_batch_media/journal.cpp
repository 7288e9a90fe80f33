#include "tools/generate_batch_media/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/summary.hpp"
#include "tools/remote/job_log.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Grows with every change that an older program would misread.
constexpr int kVersion = 1;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

/// Of SHA-256: two manifests of one user, or two items of one batch, never share them.
constexpr std::size_t kNameDigits = 32;
constexpr std::size_t kItemDigits = 24;

[[noreturn]] void fail(const std::string& what, const std::string& path) {
    const std::string reason = std::error_code(errno, std::generic_category()).message();
    throw Failure("cannot " + what + ' ' + path + ": " + reason +
                  "; make its folder writable, or choose another one with EDITPREP_STATE_DIR");
}

class Descriptor {
public:
    explicit Descriptor(int number = -1) noexcept : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

/// Each missing one is open to nobody else.
void make_folders(const fs::path& folder) {
    fs::path made;
    for (const fs::path& part : folder) {
        made /= part;
        if (::mkdir(made.c_str(), kFolderMode) != 0 && errno != EEXIST) {
            fail("make the folder", made.string());
        }
    }
}

/// The name of a new file must outlast a power cut too: without the batch's id nothing leads back
/// to the jobs that it paid for.
void flush_folder(const std::string& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() < 0 || ::fsync(opened.number()) != 0) {
        fail("write to", folder);
    }
}

std::string read_all(int descriptor, const std::string& path) {
    std::string content;
    std::array<char, 65'536> piece{};
    for (;;) {
        const ssize_t count =
            ::pread(descriptor, piece.data(), piece.size(), static_cast<off_t>(content.size()));
        if (count == 0) {
            return content;
        }
        if (count < 0 && errno != EINTR) {
            fail("read", path);
        }
        content.append(piece.data(), static_cast<std::size_t>(count > 0 ? count : 0));
    }
}

/// An empty object for a line that is none.
Json read_line(std::string_view line) {
    try {
        Json json = read_json(line);
        return json.is_object() ? json : Json::object();
    } catch (const std::invalid_argument&) {
        return Json::object();
    }
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// Who wrote last: it holds the lock, unless it was not even able to say so.
std::string holder_in(const std::string& content) {
    std::string holder;
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        const Json line = read_line(std::string_view(content).substr(begin, end - begin));
        if (line.contains("process") && line["process"].is_number_integer()) {
            holder = " (process " + line["process"].dump();
            const Json host = line.value("host", Json());
            const bool elsewhere = host.is_string() && host != host_name();
            holder += elsewhere ? " on " + host.get<std::string>() + ')' : ")";
        }
        begin = end + 1;
    }
    return holder;
}

void lock(int descriptor, const std::string& path) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        return;
    }
    if (errno != EWOULDBLOCK) {
        fail("lock", path);
    }
    throw Failure("another process" + holder_in(read_all(descriptor, path)) +
                  " is at this batch; wait until it ends, or end it");
}

/// A finished batch's file goes away, perhaps between our opening and our locking it.
bool is_still_there(int descriptor, const std::string& path) {
    struct stat ours {};
    struct stat named {};
    return ::fstat(descriptor, &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
           ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

Descriptor open_locked(const std::string& path) {
    for (;;) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
        if (file.number() < 0) {
            fail("open", path);
        }
        lock(file.number(), path);
        if (is_still_there(file.number(), path)) {
            return file;
        }
    }
}

std::string random_id() {
    std::random_device random;
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%08x%08x", random(), random());
    return text.data();
}

std::string item_digest(const BatchItem& item) {
    // An item that cannot be run has no words.
    const Json said = item.words.empty() ? item.item : Json(item.words);
    return transport::sha256_hex(item.command + '\n' + one_line_json(said)).substr(0, kItemDigits);
}

}  // namespace

struct BatchJournal::State {
    std::string path;
    Descriptor file;
    std::string batch;
    bool goes_on = false;
    std::map<std::string, ItemResult> done;
    std::mutex mutex;
    off_t size = 0;

    void read(bool restart);
    void begin(const std::string& name);
    /// Behind the last line, where every process finds it.
    void append(const Json& line);
    /// What was written outlasts a power cut.
    void flush();

private:
    void read_lines(const std::string& content);
    void read_header(const Json& line);
    void read_record(const Json& line);
    void cut(off_t at);
};

void BatchJournal::State::read(bool restart) {
    const std::string content = restart ? "" : read_all(file.number(), path);
    // What a kill left of a line is behind the last line's end.
    const std::size_t end = content.rfind('\n');
    const std::size_t whole = end == std::string::npos ? 0 : end + 1;
    cut(static_cast<off_t>(whole));
    read_lines(content.substr(0, whole));
}

void BatchJournal::State::read_lines(const std::string& content) {
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = content.find('\n', begin);
        const Json line = read_line(std::string_view(content).substr(begin, end - begin));
        if (begin == 0) {
            read_header(line);
        } else {
            read_record(line);
        }
        begin = end + 1;
    }
}

void BatchJournal::State::read_header(const Json& line) {
    const Json version = line.value("editprep_batch", Json());
    const Json id = line.value("batch", Json());
    if (!version.is_number_integer() || !id.is_string()) {
        throw Failure(path + " is no journal of a batch; move it away, or begin anew by --restart");
    }
    if (version != kVersion) {
        throw Failure(path +
                      " was written by a newer version; use that one, or begin anew by "
                      "--restart");
    }
    batch = id.get<std::string>();
    goes_on = true;
}

void BatchJournal::State::read_record(const Json& line) {
    const Json key = line.value("key", Json());
    if (!key.is_string() || !line.contains("result")) {
        return;
    }
    try {
        ItemResult result = read_result(line["result"]);
        if (result.ok) {
            result.reused = true;
            done.insert_or_assign(key.get<std::string>(), std::move(result));
        }
    } catch (const std::invalid_argument&) {
        // A damaged record is as good as none: the item's own job still knows what was paid for.
        done.erase(key.get<std::string>());
    }
}

void BatchJournal::State::begin(const std::string& name) {
    if (batch.empty()) {
        batch = random_id();
        append({{"editprep_batch", kVersion}, {"batch", batch}, {"name", name}});
    }
    append({{"process", ::getpid()}, {"host", host_name()}});
    flush();
}

void BatchJournal::State::append(const Json& line) {
    const std::string text = one_line_json(line) + '\n';
    std::string_view rest = text;
    off_t at = size;
    while (!rest.empty()) {
        const ssize_t count = ::pwrite(file.number(), rest.data(), rest.size(), at);
        if (count < 0 && errno != EINTR) {
            const int reason = errno;
            cut(size);
            errno = reason;
            fail("write to", path);
        }
        rest.remove_prefix(static_cast<std::size_t>(count > 0 ? count : 0));
        at += count > 0 ? count : 0;
    }
    size = at;
}

void BatchJournal::State::flush() {
    if (::fdatasync(file.number()) != 0) {
        fail("write to", path);
    }
}

void BatchJournal::State::cut(off_t at) {
    if (::ftruncate(file.number(), at) != 0) {
        fail("write to", path);
    }
    size = at;
}

BatchJournal BatchJournal::open(const std::string& name, bool restart,
                                const Environment& environment) {
    const std::string folder = join_path(state_folder(environment), "batches");
    make_folders(folder);
    auto state = std::make_unique<State>();
    state->path = join_path(folder, transport::sha256_hex(name).substr(0, kNameDigits) + ".jsonl");
    state->file = open_locked(state->path);
    state->read(restart);
    state->begin(name);
    flush_folder(folder);
    return BatchJournal(std::move(state));
}

BatchJournal::BatchJournal(std::unique_ptr<State> state) : state_(std::move(state)) {}
BatchJournal::~BatchJournal() = default;
BatchJournal::BatchJournal(BatchJournal&&) noexcept = default;
BatchJournal& BatchJournal::operator=(BatchJournal&&) noexcept = default;

bool BatchJournal::goes_on() const noexcept { return state_->goes_on; }

std::vector<std::string> BatchJournal::keys_for(const std::vector<CheckedItem>& items) const {
    std::map<std::string, int> seen;
    std::vector<std::string> keys;
    keys.reserve(items.size());
    for (const CheckedItem& checked : items) {
        const std::string digest = item_digest(checked.item);
        const int number = ++seen[digest];
        keys.push_back(state_->batch + '-' + digest +
                       (number > 1 ? '-' + std::to_string(number) : std::string()));
    }
    return keys;
}

std::optional<ItemResult> BatchJournal::done(const std::string& key) const {
    const auto found = state_->done.find(key);
    return found == state_->done.end() ? std::nullopt : std::optional(found->second);
}

void BatchJournal::record(const std::string& key, const ItemResult& result) {
    const Json line{{"key", key}, {"result", result_json(result)}};
    const std::scoped_lock lock(state_->mutex);
    state_->append(line);
    if (result.cost_usd != 0.0) {
        state_->flush();
    }
}

void BatchJournal::finish() {
    const std::scoped_lock lock(state_->mutex);
    if (::unlink(state_->path.c_str()) != 0 && errno != ENOENT) {
        fail("remove", state_->path);
    }
}

}  // namespace editprep::tools::generate_batch_media
