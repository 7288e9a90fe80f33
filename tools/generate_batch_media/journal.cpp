#include "tools/generate_batch_media/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "editprep/transport/redaction.hpp"
#include "tools/generate_batch_media/input_digest.hpp"
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
constexpr int kVersion = 2;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;

/// Of SHA-256: two manifests of one user, or two items of one batch, never share them.
constexpr std::size_t kNameDigits = 32;
constexpr std::size_t kItemDigits = 40;

constexpr std::string_view kSuffix = ".jsonl";
/// Bytes from which a file is looked at for what is of no use any more.
constexpr std::size_t kLong = std::size_t{4} << 20;

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

/// The name of a new file must outlast a power cut too.
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

/// A file that has become long is replaced, perhaps between our opening and our locking it.
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

std::string folder_of(const BatchName& name, const Environment& environment) {
    const std::string digest = transport::sha256_hex(name.manifest).substr(0, kNameDigits);
    return join_path(join_path(state_folder(environment), "batches"), digest);
}

std::string file_of(const BatchName& name, const Environment& environment) {
    const std::string file =
        name.shard ? std::to_string(name.shard->number) + "-of-" + std::to_string(name.shard->count)
                   : "whole";
    return join_path(folder_of(name, environment), file + std::string(kSuffix));
}

/// What a kill left of a line is behind the last line's end.
std::size_t whole_lines(const std::string& content) {
    const std::size_t end = content.rfind('\n');
    return end == std::string::npos ? 0 : end + 1;
}

std::string absolute_path(const std::string& path) {
    return fs::absolute(path).lexically_normal().string();
}

/// A key is what an item is, and behind the last dash its generation.
struct Key {
    std::string base;
    int generation = 0;

    [[nodiscard]] std::string text() const { return base + '-' + std::to_string(generation); }
};

Key read_key(const std::string& text) {
    const std::size_t dash = std::min(text.rfind('-'), text.size());
    int generation = 0;
    const std::string_view digits = std::string_view(text).substr(std::min(dash + 1, text.size()));
    std::from_chars(digits.data(), digits.data() + digits.size(), generation);
    return {text.substr(0, dash), generation};
}

std::string text_at(const Json& line, const char* name) {
    const Json value = line.value(name, Json());
    return value.is_string() ? value.get<std::string>() : "";
}

using Inputs = std::map<std::string, std::string>;

/// An item that was begun once, as its words tell it.
struct Begun {
    std::string key;
    Inputs inputs;
};

/// Some of what it was begun with is gone, and nothing of the rest is another.
bool has_lost_inputs(const Begun& begun, const Inputs& inputs) {
    const bool is_same = std::ranges::all_of(inputs, [&begun](const auto& input) {
        const auto found = begun.inputs.find(input.first);
        return found != begun.inputs.end() && found->second == input.second;
    });
    return is_same && inputs.size() < begun.inputs.size();
}

}  // namespace

struct BatchJournal::State {
    BatchName name;
    bool restart = false;
    std::string path;
    Descriptor file;
    std::map<std::string, ItemResult> done;
    /// By what they say, the latest last.
    std::map<std::string, std::vector<Begun>> begun;
    /// Of those that were done to the end or are to be done anew; 0 for others.
    std::map<std::string, int> generations;
    InputDigests digests;
    /// By their keys: what this run's items say, and what they read.
    std::map<std::string, std::pair<std::string, Inputs>> items;
    std::mutex mutex;
    off_t size = 0;

    void read_folder(const std::string& folder);
    void begin();
    void shorten();
    [[nodiscard]] std::string key_of(const BatchItem& item);
    /// Keys below that generation are of no use any more.
    void raise(const Key& to);
    void restart_now();
    /// Behind the last line, where every process finds it.
    void append(const Json& line);
    /// What was written outlasts a power cut.
    void flush();

private:
    void read_lines(const std::string& content, const std::string& from);
    void read_record(const Json& line);
    void read_begun(const Json& line);
    [[nodiscard]] bool is_of_use(const Json& line) const;
    [[nodiscard]] bool is_current(const Key& key) const;
    void write(std::string_view text);
    void cut(off_t at);
};

/// What other processes write meanwhile is theirs; only whole lines count.
void BatchJournal::State::read_folder(const std::string& folder) {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(folder, missing)) {
        const std::string found = entry.path();
        if (found.ends_with(kSuffix)) {
            const Descriptor opened(::open(found.c_str(), O_RDONLY | O_CLOEXEC));
            if (opened.number() < 0) {
                fail("open", found);
            }
            const std::string content = read_all(opened.number(), found);
            read_lines(content.substr(0, whole_lines(content)), found);
        }
    }
}

void check_header(const Json& line, const std::string& path) {
    const Json version = line.value("editprep_batch", Json());
    if (!version.is_number_integer()) {
        throw Failure(path + " is no journal of a batch; move it away");
    }
    if (version != kVersion) {
        throw Failure(path + " was written by another version; use that one, or move it away");
    }
}

void BatchJournal::State::read_lines(const std::string& content, const std::string& from) {
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = content.find('\n', begin);
        const Json line = read_line(std::string_view(content).substr(begin, end - begin));
        if (begin == 0) {
            check_header(line, from);
        } else {
            read_record(line);
        }
        begin = end + 1;
    }
}

void BatchJournal::State::read_record(const Json& line) {
    if (const Key raised = read_key(text_at(line, "generation")); !raised.base.empty()) {
        int& generation = generations[raised.base];
        generation = std::max(generation, raised.generation);
    }
    read_begun(line);
    const std::string key = text_at(line, "key");
    if (key.empty() || !line.contains("result")) {
        return;
    }
    try {
        ItemResult result = read_result(line["result"]);
        const Json places = line.value("places", Json::array());
        for (std::size_t i = 0; i < result.files.size() && i < places.size(); ++i) {
            const std::string place = places[i].is_string() ? places[i].get<std::string>() : "";
            if (!place.empty() && absolute_path(result.files[i]) != place) {
                result.files[i] = place;
            }
        }
        if (result.ok) {
            result.reused = true;
            done.insert_or_assign(key, std::move(result));
        }
    } catch (const std::invalid_argument&) {
        // A damaged record is as good as none: the item's own job still knows what was paid for.
        done.erase(key);
    }
}

void BatchJournal::State::read_begun(const Json& line) {
    const std::string key = text_at(line, "begun");
    const Json inputs = line.value("inputs", Json());
    if (key.empty() || !inputs.is_object()) {
        return;
    }
    Begun item{.key = key, .inputs = {}};
    for (const auto& [input, digest] : inputs.items()) {
        item.inputs[input] = digest.is_string() ? digest.get<std::string>() : "";
    }
    begun[text_at(line, "item")].push_back(std::move(item));
}

void BatchJournal::State::begin() {
    const std::string content = read_all(file.number(), path);
    cut(static_cast<off_t>(whole_lines(content)));
    if (size == 0) {
        append({{"editprep_batch", kVersion}, {"name", name.manifest}});
    }
    append({{"process", ::getpid()}, {"host", host_name()}});
    flush();
}

bool BatchJournal::State::is_current(const Key& key) const {
    const auto found = generations.find(key.base);
    return key.generation == (found == generations.end() ? 0 : found->second);
}

bool BatchJournal::State::is_of_use(const Json& line) const {
    for (const char* name_of_key : {"generation", "begun", "key"}) {
        if (line.contains(name_of_key)) {
            return is_current(read_key(text_at(line, name_of_key)));
        }
    }
    return line.contains("editprep_batch");
}

/// Where most of a long file is of no use any more, the rest takes its place.
void BatchJournal::State::shorten() {
    const std::string content = read_all(file.number(), path);
    if (content.size() < kLong) {
        return;
    }
    std::string rest;
    for (std::size_t begin = 0; begin < whole_lines(content);) {
        const std::size_t end = content.find('\n', begin) + 1;
        const std::string_view line = std::string_view(content).substr(begin, end - begin);
        rest += is_of_use(read_line(line)) ? line : "";
        begin = end;
    }
    if (rest.size() > content.size() / 2) {
        return;
    }
    const std::string beside = path + ".new";
    Descriptor shorter(::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
    if (shorter.number() < 0) {
        fail("open", beside);
    }
    lock(shorter.number(), beside);
    std::swap(file, shorter);
    size = 0;
    write(rest);
    flush();
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        fail("rename", beside);
    }
}

std::string BatchJournal::State::key_of(const BatchItem& item) {
    // An item that cannot be run has no words.
    const Json said = item.words.empty() ? item.item : Json(item.words);
    const std::string id =
        transport::sha256_hex(name.manifest + '\n' + item.command + '\n' + one_line_json(said))
            .substr(0, kItemDigits) +
        '-' + std::to_string(item.number);
    const Inputs inputs = digests.of(item.words);
    const std::string base =
        transport::sha256_hex(id + '\n' + one_line_json(Json(inputs))).substr(0, kItemDigits);
    Key key{base, generations.contains(base) ? generations.at(base) : 0};
    if (restart) {
        ++key.generation;
    } else if (const auto known = begun.find(id); known != begun.end()) {
        const auto lost = std::ranges::find_if(
            known->second.rbegin(), known->second.rend(), [&](const Begun& earlier) {
                return is_current(read_key(earlier.key)) && has_lost_inputs(earlier, inputs);
            });
        key = lost == known->second.rend() ? key : read_key(lost->key);
    }
    items[key.text()] = {id, inputs};
    return key.text();
}

void BatchJournal::State::raise(const Key& to) {
    int& generation = generations[to.base];
    if (generation < to.generation) {
        append({{"generation", to.text()}});
        generation = to.generation;
    }
}

void BatchJournal::State::restart_now() {
    if (restart) {
        for (const auto& [key, item] : items) {
            raise(read_key(key));
        }
        flush();
        restart = false;
    }
}

void BatchJournal::State::append(const Json& line) { write(one_line_json(line) + '\n'); }

void BatchJournal::State::write(std::string_view text) {
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

BatchJournal BatchJournal::open(const BatchName& name, bool restart,
                                const Environment& environment) {
    auto state = std::make_unique<State>();
    state->name = name;
    state->restart = restart;
    state->path = file_of(name, environment);
    const std::string folder = folder_of(name, environment);
    make_folders(folder);
    state->file = open_locked(state->path);
    state->read_folder(folder);
    state->shorten();
    state->begin();
    flush_folder(folder);
    return BatchJournal(std::move(state));
}

BatchJournal BatchJournal::look(const BatchName& name, bool restart,
                                const Environment& environment) {
    auto state = std::make_unique<State>();
    state->name = name;
    state->restart = restart;
    state->read_folder(folder_of(name, environment));
    return BatchJournal(std::move(state));
}

BatchJournal::BatchJournal(std::unique_ptr<State> state) : state_(std::move(state)) {}
BatchJournal::~BatchJournal() = default;
BatchJournal::BatchJournal(BatchJournal&&) noexcept = default;
BatchJournal& BatchJournal::operator=(BatchJournal&&) noexcept = default;

std::vector<std::string> BatchJournal::keys_for(const std::vector<CheckedItem>& items) const {
    const std::scoped_lock lock(state_->mutex);
    state_->items.clear();
    std::vector<std::string> keys;
    keys.reserve(items.size());
    for (const CheckedItem& checked : items) {
        keys.push_back(state_->key_of(checked.item));
    }
    return keys;
}

std::optional<ItemResult> BatchJournal::done(const std::string& key) const {
    const auto found = state_->done.find(key);
    return found == state_->done.end() ? std::nullopt : std::optional(found->second);
}

void BatchJournal::start(const std::string& key) {
    const std::scoped_lock lock(state_->mutex);
    state_->restart_now();
    if (const auto found = state_->items.find(key); found != state_->items.end()) {
        const auto& [id, inputs] = found->second;
        state_->append({{"begun", key}, {"item", id}, {"inputs", inputs}});
    }
}

void BatchJournal::record(const std::string& key, const ItemResult& result) {
    Json places = Json::array();
    for (const std::string& file : result.files) {
        places.push_back(absolute_path(file));
    }
    const Json line{{"key", key}, {"result", result_json(result)}, {"places", places}};
    const std::scoped_lock lock(state_->mutex);
    state_->append(line);
    if (result.cost_usd != 0.0) {
        state_->flush();
    }
}

void BatchJournal::finish() {
    const std::scoped_lock lock(state_->mutex);
    for (const auto& [text, item] : state_->items) {
        Key key = read_key(text);
        ++key.generation;
        state_->raise(key);
    }
    state_->flush();
}

}  // namespace editprep::tools::generate_batch_media
