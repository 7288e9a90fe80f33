#include "tools/reference_media/attempt.hpp"

#include "tools/clips/clip_error.hpp"
#include "tools/reference_media/shown_command.hpp"
#include "tools/shared/story.hpp"
#include "tools/workflow/edit_error.hpp"
#include "tools/workflow/provider_choice.hpp"

namespace editprep::tools::reference_media {
namespace {

/// What is worth a word is said by the command itself, which looks for the provider too.
bool goes_to_fal(const generate_video::Options& video, const Context& context) {
    const ProviderChoice choice = choose_provider(video.provider, context.environment);
    const Story silent(context.err, /*quiet=*/true);
    return !choice.is_local() && find_provider(choice, video.config, context.environment, silent,
                                               {.dry_run = video.remote.dry_run})
                                     .is_fal();
}

generate_image::Options image_options(const Options& options, Attempt::Kind kind) {
    generate_image::Options image = options.image;
    if (kind == Attempt::Kind::fallback) {
        image.remote.idempotency_key = fallback_key(options.image.remote.idempotency_key);
    } else if (sends_references(options)) {
        image.references = {options.reference_key, options.reference_images};
    }
    return image;
}

/// References are the attachments that the provider has for them.
generate_video::Options video_options(const Options& options, const Context& context) {
    generate_video::Options video = options.video;
    if (options.reference_images.empty()) {
        return video;
    }
    if (goes_to_fal(video, context)) {
        video.reference_images = options.reference_images;
        return video;
    }
    video.input_reference = options.reference_images.front();
    video.input_reference_option = "--reference-image";
    if (options.reference_images.size() > 1) {
        Story(context.err, options.quiet)
            .warn("an OpenAI-compatible provider takes one reference for a video; of " +
                  std::to_string(options.reference_images.size()) + " only the first is sent");
    }
    return video;
}

}  // namespace

bool sends_references(const Options& options) noexcept {
    return options.mode == Mode::image && options.transport != Transport::none &&
           !options.reference_images.empty();
}

std::string fallback_key(const std::string& idempotency_key) {
    return idempotency_key.empty() ? idempotency_key : idempotency_key + "/without-references";
}

void carry_out(Attempt& attempt, const Options& options, const Context& context) {
    const auto make_picture = [&](const Words&, const Context& inner) {
        const generate_image::Options image = image_options(options, attempt.kind);
        attempt.command = shown_command(options, image);
        generate_image::run(image, inner, attempt.progress);
    };
    const auto make_video = [&](const Words&, const Context& inner) {
        // Shown too where it is never known who is asked.
        attempt.command = shown_command(options, options.video);
        const generate_video::Options video = video_options(options, inner);
        attempt.command = shown_command(options, video);
        generate_video::run(video, inner);
    };
    attempt.exit_code = options.mode == Mode::image
                            ? run_command(make_picture, {}, context, describe_edit_error)
                            : run_command(make_video, {}, context, describe_clip_error);
}

}  // namespace editprep::tools::reference_media
