#include "tools/video_preflight/clip_list.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "tools/shared/failure.hpp"

namespace editprep::tools::video_preflight {
namespace {

/// Longer than any path that a system takes.
constexpr std::size_t kLongestName = std::size_t{1} << 16;
constexpr int kPatienceMs = 100;

[[noreturn]] void fail(const std::string& list_file, int error) {
    throw Failure("cannot read the list of clips from " +
                  (list_file == "-" ? "standard input" : list_file) + ": " +
                  std::generic_category().message(error));
}

}  // namespace

ClipList::ClipList(std::vector<std::string> names, std::string list_file, char separator)
    : names_(std::move(names)),
      list_file_(std::move(list_file)),
      separator_(separator),
      at_end_(list_file_.empty()) {
    if (at_end_) {
        return;
    }
    descriptor_ =
        list_file_ == "-" ? STDIN_FILENO : ::open(list_file_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
        fail(list_file_, errno);
    }
}

ClipList::~ClipList() {
    if (descriptor_ > STDIN_FILENO) {
        ::close(descriptor_);
    }
}

std::optional<std::string> ClipList::next(const std::stop_token& stop) {
    if (next_name_ < names_.size()) {
        return names_[next_name_++];
    }
    while (auto name = next_listed(stop)) {
        if (!name->empty()) {
            return name;
        }
    }
    return std::nullopt;
}

std::optional<std::string> ClipList::next_listed(const std::stop_token& stop) {
    for (;;) {
        const std::size_t end = pending_.find(separator_);
        if (end != std::string::npos || (at_end_ && !pending_.empty())) {
            std::string name = pending_.substr(0, end);
            pending_.erase(0, end == std::string::npos ? end : end + 1);
            // A list may come from a system whose lines end in two characters.
            if (separator_ == '\n' && name.ends_with('\r')) {
                name.pop_back();
            }
            return name;
        }
        if (at_end_ || !wait_for_more(stop)) {
            return std::nullopt;
        }
        if (pending_.size() > kLongestName) {
            throw Failure(
                "the list of clips has a name that no file can have; is it ended by "
                "line feeds, or with --null by NUL characters?");
        }
        read_more();
    }
}

bool ClipList::wait_for_more(const std::stop_token& stop) const {
    while (!stop.stop_requested()) {
        pollfd waiting{descriptor_, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, kPatienceMs);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true;  // read() tells what is wrong
        }
    }
    return false;
}

void ClipList::read_more() {
    std::array<char, 16384> piece;
    const ssize_t count = ::read(descriptor_, piece.data(), piece.size());
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
        fail(list_file_, errno);
    }
    at_end_ = count == 0;
    if (count > 0) {
        pending_.append(piece.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace editprep::tools::video_preflight
