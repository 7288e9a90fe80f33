#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace editprep::tools::video_preflight {

/// The names of the clips: those of the command line, then those of a list, which is read as it is
/// needed, so that it may come from a running program and have any length.
class ClipList {
public:
    /// @param list_file a file's name, `-` for standard input; empty for none
    /// @param separator what ends a name in the list; a line may also end in CR LF
    /// Throws Failure when the list cannot be opened.
    ClipList(std::vector<std::string> names, std::string list_file, char separator);
    ~ClipList();
    ClipList(const ClipList&) = delete;
    ClipList& operator=(const ClipList&) = delete;

    /// Nothing at the end, and within a tenth of a second after a stop was asked for. Throws
    /// Failure when the list cannot be read.
    [[nodiscard]] std::optional<std::string> next(const std::stop_token& stop);

private:
    [[nodiscard]] bool wait_for_more(const std::stop_token& stop) const;
    [[nodiscard]] std::optional<std::string> next_listed(const std::stop_token& stop);
    void read_more();

    std::vector<std::string> names_;
    std::size_t next_name_ = 0;
    std::string list_file_;
    char separator_;
    int descriptor_ = -1;
    /// What was read and not handed out.
    std::string pending_{};
    bool at_end_ = true;
};

}  // namespace editprep::tools::video_preflight
