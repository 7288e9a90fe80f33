#include "legacy_pending.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "editprep/transport/error.hpp"
#include "editprep/transport/redaction.hpp"

namespace editprep::transport {
namespace {

using nlohmann::ordered_json;

/// Deeper JSON than any model takes; writing it again takes stack for each level.
constexpr int kDeepestNesting = 256;
constexpr std::int64_t kLargestFileBytes = 512 << 20;

struct TooDeep {};

/// Throws TooDeep and nlohmann's exceptions.
ordered_json parse(std::string_view text) {
    return ordered_json::parse(
        text, [](int depth, ordered_json::parse_event_t, const ordered_json&) -> bool {
            if (depth > kDeepestNesting) {
                throw TooDeep{};
            }
            return true;
        });
}

/// What is not JSON stands for itself.
ordered_json value_or_text(const std::string& text) {
    try {
        return parse(text);
    } catch (const ordered_json::exception&) {
        return text;
    } catch (const TooDeep&) {
        return text;
    }
}

std::string written(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw Error(Errc::store_failed,
                "the pending jobs in " + path + " cannot be taken over: " + reason, path,
                "the file is left as it is and read again the next time: repair it, or move it "
                "aside");
}

std::optional<std::string> text_member(const ordered_json& entry, const char* key) {
    const auto member = entry.find(key);
    if (member == entry.end() || !member->is_string()) {
        return std::nullopt;
    }
    return member->get<std::string>();
}

Job job_of(const ordered_json& entry) {
    Job job;
    job.provider = "fal";
    job.model = text_member(entry, "model_id").value_or("");
    job.request_id = text_member(entry, "request_id").value_or("");
    job.state = JobState::waiting;
    job.status = text_member(entry, "status").value_or("");
    job.input_json = written(entry.value("input", ordered_json::object()));
    job.error = text_member(entry, "error");
    job.submitted_at = text_member(entry, "submitted_at").value_or("");
    job.updated_at = text_member(entry, "updated_at").value_or("");
    const auto position = entry.find("queue_position");
    if (position != entry.end() && position->is_number_integer()) {
        job.queue_position = position->get<std::int64_t>();
    }
    return job;
}

Job redacted_job_of(const ordered_json& entry) {
    const std::string text = written(entry);
    const std::string redacted = redact_payloads(text);
    Job job = job_of(redacted == text ? entry : parse(redacted));
    job.taken_over_json = redacted;
    return job;
}

/// Empty for an entry that can be a job.
std::string reason_to_skip(const ordered_json& entry) {
    if (!entry.is_object()) {
        return "it is no object";
    }
    if (text_member(entry, "request_id").value_or("").empty()) {
        return "it has no request_id";
    }
    return {};
}

class File {
public:
    explicit File(const std::string& path)
        // A pipe without a writer must not stop the program.
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~File() {
        if (descriptor_ != -1) {
            ::close(descriptor_);
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

std::string last_system_error() { return std::generic_category().message(errno); }

void check_kind(const File& file, const std::string& path) {
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) {
        refuse(path, last_system_error());
    }
    if (!S_ISREG(facts.st_mode)) {
        refuse(path, "it is no regular file");
    }
    if (facts.st_size > kLargestFileBytes) {
        refuse(path, "it is larger than 512 MiB");
    }
}

std::string content_of(const std::string& path) {
    const File file(path);
    if (file.get() == -1) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return {};
        }
        refuse(path, last_system_error());
    }
    check_kind(file, path);
    std::string content;
    std::array<char, 1 << 16> block{};
    for (;;) {
        const ssize_t count = ::read(file.get(), block.data(), block.size());
        if (count < 0 && errno != EINTR) {
            refuse(path, last_system_error());
        }
        if (count == 0) {
            return content;
        }
        content.append(block.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
}

[[noreturn]] void refuse_as_no_json(const std::string& path, std::size_t position) {
    refuse(path, "it is not JSON, or not all of it (byte " + std::to_string(position) + ")");
}

ordered_json requests_in(std::string_view content, const std::string& path) {
    // The parser takes a zero for the end.
    if (const std::size_t zero = content.find('\0'); zero != std::string_view::npos) {
        refuse_as_no_json(path, zero + 1);
    }
    try {
        ordered_json document = parse(content);
        if (!document.is_object()) {
            refuse(path, "it is no object with a member 'requests'");
        }
        ordered_json requests = document.value("requests", ordered_json::array());
        if (!requests.is_array()) {
            refuse(path, "its member 'requests' is no array");
        }
        return requests;
    } catch (const ordered_json::parse_error& error) {
        refuse_as_no_json(path, error.byte);
    } catch (const ordered_json::exception&) {
        refuse(path, "it holds a number beyond the range of a double");
    } catch (const TooDeep&) {
        refuse(path, "its values are nested too deeply");
    }
}

}  // namespace

LegacyPending parse_legacy_pending(std::string_view content, const std::string& path) {
    LegacyPending pending;
    if (content.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return pending;
    }
    std::size_t number = 0;
    for (const ordered_json& entry : requests_in(content, path)) {
        ++number;
        const std::string reason = reason_to_skip(entry);
        if (reason.empty()) {
            pending.jobs.push_back(redacted_job_of(entry));
        } else {
            pending.skipped.push_back("entry " + std::to_string(number) + " of " + path + ": " +
                                      reason);
        }
    }
    return pending;
}

LegacyPending read_legacy_pending(const std::string& path) {
    return parse_legacy_pending(content_of(path), path);
}

std::string pending_entry(const Job& job) {
    ordered_json entry = value_or_text(job.taken_over_json);
    const bool is_ours = !entry.is_object();
    if (is_ours) {
        entry = ordered_json::object();
    }
    const Job before = is_ours ? Job{} : job_of(entry);
    const auto update = [&](const char* key, const auto& now, const auto& then) {
        if (is_ours || now != then) {
            entry[key] = now;
        }
    };
    const auto update_or_erase = [&](const char* key, const auto& now, const auto& then) {
        if (now && now != then) {
            entry[key] = *now;
        } else if (!now && then) {
            entry.erase(key);
        }
    };
    update("request_id", job.request_id, before.request_id);
    update("model_id", job.model, before.model);
    if (is_ours) {
        entry["input"] = value_or_text(job.input_json);
    }
    update("status", job.status, before.status);
    update("submitted_at", job.submitted_at, before.submitted_at);
    update("updated_at", job.updated_at, before.updated_at);
    update_or_erase("queue_position", job.queue_position, before.queue_position);
    update_or_erase("error", job.error, before.error);
    if (job.result_json) {
        entry["result"] = value_or_text(*job.result_json);
    }
    return written(entry);
}

}  // namespace editprep::transport
