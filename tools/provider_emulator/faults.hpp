#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The misbehaviours that can be asked for, by name, for chosen requests.
namespace editprep::tools::provider_emulator {

/// Where in the course of a request a fault strikes.
enum class FaultStage {
    /// The connection itself: what is read and written, and when.
    wire,
    /// The request is not looked at; a prepared answer goes out in its place.
    answer,
    /// The request is accepted, and the work goes wrong.
    work,
    /// A stored file is fetched.
    file,
};

enum class FaultKind {
    stall_request,
    stall_headers,
    stall_body,
    drop_request,
    drop_before_answer,
    drop_mid_body,
    short_length,
    long_length,
    slow_drip,
    error_status,
    html_error,
    invalid_json,
    deep_json,
    huge_body,
    redirect_host,
    redirect_private,
    never_finishes,
    job_fails,
    other_size,
    not_an_image,
    expired_link,
    redirect_content,
};

/// A fault that strikes now.
struct Fault {
    FaultKind kind = FaultKind::error_status;
    /// As it was asked for, without value, place, share and count.
    std::string name{};
    /// For error_status.
    int status = 0;
    /// What stands behind the name's equals sign; empty when nothing does.
    std::string value{};
    /// Of the plan: how often it had been cleared.
    std::uint64_t round = 0;

    /// The value as a whole number, or `otherwise` without one.
    [[nodiscard]] int number_or(int otherwise) const;
};

struct FaultDescription {
    std::string_view name;
    std::string_view help;
};

/// All faults with what they do, for the help.
[[nodiscard]] std::span<const FaultDescription> fault_descriptions() noexcept;

/// The faults that are switched on. Several threads may use it at once.
class FaultPlan {
public:
    /// Adds `NAME[=VALUE][@[METHOD ]PATH][%N][:COUNT]`. PATH may hold `*` for any run of
    /// characters; of the requests that fit, each Nth is hit; COUNT is how many are hit before the
    /// fault is over. Throws std::invalid_argument with the reason.
    void add(std::string_view specification);
    void clear();

    /// The first fault of that stage whose turn it is with this request, used up by one hit. All
    /// others that fit have seen the request, too.
    [[nodiscard]] std::optional<Fault> take(FaultStage stage, std::string_view method,
                                            std::string_view path);

    /// Whether the plan has not been cleared since the fault struck.
    [[nodiscard]] bool lasts(const Fault& fault) const;

    struct Entry {
        std::string specification;
        std::uint64_t hits = 0;
    };
    [[nodiscard]] std::vector<Entry> entries() const;

private:
    struct Planned {
        Entry entry;
        FaultStage stage = FaultStage::wire;
        Fault fault;
        /// Empty for any.
        std::string method;
        std::string pattern;
        /// From 1: every so many requests that fit.
        std::uint64_t every = 1;
        std::uint64_t seen = 0;
        std::optional<std::uint64_t> left;

        [[nodiscard]] bool fits(FaultStage where, std::string_view with,
                                std::string_view path) const;
    };

    mutable std::mutex mutex_;
    std::vector<Planned> planned_;
    std::uint64_t round_ = 0;
};

/// Whether the whole text fits a pattern in which `*` stands for any run of characters.
[[nodiscard]] bool fits_pattern(std::string_view text, std::string_view pattern) noexcept;

}  // namespace editprep::tools::provider_emulator
