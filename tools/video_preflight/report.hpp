#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/clips/limit_options.hpp"
#include "tools/shared/context.hpp"
#include "tools/video_preflight/clip_text.hpp"

namespace editprep::tools::video_preflight {

enum class Form {
    /// One clip, every fact on a line.
    page,
    /// A line for each clip, then a summary.
    lines,
    /// One document.
    json,
    /// A document for each clip, each on a line; no summary.
    json_lines,
};

/// Counts the verdicts, and prints each clip as it comes.
class Report {
public:
    /// @param strict a warning refuses, too
    /// @param sink and `limits` must outlive the report
    Report(Form form, bool strict, const ChosenLimits& limits, const Sink& sink);

    void begin();
    void add(const ClipLook& look);
    /// What the readable clips must keep together, as one request holds them.
    void add_together(std::vector<video::Finding> findings);
    void end();

    [[nodiscard]] std::size_t refused() const noexcept { return refused_; }
    [[nodiscard]] std::size_t unreadable() const noexcept { return unreadable_; }
    /// False when they were not looked at together.
    [[nodiscard]] bool refused_together() const;

private:
    [[nodiscard]] bool accepts(const std::vector<video::Finding>& findings) const;
    [[nodiscard]] Verdict judge(const ClipLook& look) const;
    void count(const ClipLook& look, Verdict verdict);
    [[nodiscard]] std::string summary_text() const;
    [[nodiscard]] std::string summary_json() const;

    Form form_;
    bool strict_;
    const ChosenLimits& limits_;
    const Sink& sink_;
    std::size_t accepted_ = 0;
    std::size_t refused_ = 0;
    std::size_t unreadable_ = 0;
    /// How many clips each check refused.
    std::map<video::Check, std::size_t> refusals_{};
    bool looked_together_ = false;
    std::vector<video::Finding> together_{};
};

}  // namespace editprep::tools::video_preflight
