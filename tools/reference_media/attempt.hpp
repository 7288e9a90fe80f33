#pragma once

#include <string>

#include "tools/generate_image/generate_image.hpp"
#include "tools/reference_media/reference_media.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

/// One run of the command of the mode.
namespace editprep::tools::reference_media {

/// What a run came to.
struct Attempt {
    enum class Kind {
        primary,
        /// For a picture, without the references that were refused.
        fallback,
    };
    Kind kind = Kind::primary;
    /// The program and its words as one would type them, but for payloads and keys.
    Words command{};
    int exit_code = kDone;
    /// What it wrote, where that was kept.
    std::string out{};
    std::string err{};
    /// Of a request for a picture.
    generate_image::Progress progress{};

    [[nodiscard]] bool ok() const noexcept { return exit_code == kDone; }
};

/// The references go into a request for a picture.
[[nodiscard]] bool sends_references(const Options& options) noexcept;

/// The idempotency key of the fallback, which is another job than the request with references;
/// empty for none.
[[nodiscard]] std::string fallback_key(const std::string& idempotency_key);

/// Runs the command of the mode as an attempt of that kind, with the streams of `context`, and
/// fills in how that went. Never throws for what goes wrong in it.
void carry_out(Attempt& attempt, const Options& options, const Context& context);

}  // namespace editprep::tools::reference_media
