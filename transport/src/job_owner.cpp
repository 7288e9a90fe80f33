#include "job_owner.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>

namespace editprep::transport {
namespace {

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

struct ProcessFacts {
    char state = '?';
    std::int64_t started = 0;
};

/// proc(5), /proc/pid/stat: behind the name, which may hold anything and ends at the last `)`, come
/// the state as field 3 and the start time as field 22.
std::optional<ProcessFacts> facts_of(std::int64_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text, '\0');
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields(text.substr(name_end + 1));
    ProcessFacts facts;
    fields >> facts.state;
    std::string skipped;
    for (int field = 4; field < 22; ++field) {
        fields >> skipped;
    }
    fields >> facts.started;
    return fields ? std::optional(facts) : std::nullopt;
}

std::string boot_id() { return first_line("/proc/sys/kernel/random/boot_id"); }

}  // namespace

JobOwner this_process() {
    const std::int64_t pid = ::getpid();
    return {pid, facts_of(pid).value_or(ProcessFacts{}).started, boot_id()};
}

bool is_running(const JobOwner& owner) {
    if (owner.pid <= 0 || owner.boot_id != boot_id()) {
        return false;
    }
    const std::optional<ProcessFacts> facts = facts_of(owner.pid);
    if (!facts) {
        // Without /proc only the number tells.
        return ::kill(static_cast<pid_t>(owner.pid), 0) == 0 || errno == EPERM;
    }
    const bool ended = facts->state == 'Z' || facts->state == 'X';
    return !ended && facts->started == owner.started;
}

}  // namespace editprep::transport
