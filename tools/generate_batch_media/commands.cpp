#include "tools/generate_batch_media/commands.hpp"

#include <algorithm>
#include <utility>

#include "tools/clips/clip_error.hpp"
#include "tools/edit_image/edit_image.hpp"
#include "tools/generate_image/generate_image.hpp"
#include "tools/generate_video/generate_video.hpp"
#include "tools/mask_inpaint/mask_inpaint.hpp"
#include "tools/object_select_edit/object_select_edit.hpp"
#include "tools/outpaint_image/outpaint_image.hpp"
#include "tools/prepare_object_mask/mask_job.hpp"
#include "tools/prepare_object_mask/prepare_object_mask.hpp"
#include "tools/reference_media/reference_media.hpp"
#include "tools/remote/transport_error.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/imaging_error.hpp"
#include "tools/shared/output_folders.hpp"
#include "tools/workflow/edit_error.hpp"
#include "tools/workflow/provider_choice.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

std::optional<LocalWork> always_remote(const Words& /*words*/, const Environment& /*environment*/) {
    return std::nullopt;
}

void add(std::vector<std::string>& pictures, const std::optional<std::string>& picture) {
    if (picture) {
        pictures.push_back(*picture);
    }
}

std::optional<LocalWork> edit_work(const EditGroup& edit, bool only_prepares,
                                   std::vector<std::string> pictures,
                                   const Environment& environment,
                                   std::function<void(imaging::Size)> check) {
    const bool is_local = choose_provider(edit.provider, environment).is_local();
    if (!only_prepares && !is_local) {
        return std::nullopt;
    }
    return LocalWork{.pictures = std::move(pictures),
                     .prefix = edit.prefix,
                     .provider = only_prepares ? "" : kLocalProvider,
                     .check = std::move(check)};
}

std::optional<LocalWork> work_of_edit(const Words& words, const Environment& environment) {
    const edit_image::Options options = edit_image::parse(words);
    std::vector<std::string> pictures = options.images;
    add(pictures, options.mask);
    return edit_work(options.settings.edit, /*only_prepares=*/false, pictures, environment,
                     [options](imaging::Size) { edit_image::check_local_plan(options); });
}

std::optional<LocalWork> work_of_inpaint(const Words& words, const Environment& environment) {
    const mask_inpaint::Options options = mask_inpaint::parse(words);
    std::vector<std::string> pictures{options.image};
    add(pictures, options.mask);
    return edit_work(options.settings.edit, options.mask_only, pictures, environment,
                     [options](imaging::Size size) { mask_inpaint::check_plan(options, size); });
}

std::optional<LocalWork> work_of_object_edit(const Words& words, const Environment& environment) {
    const object_select_edit::Options options = object_select_edit::parse(words);
    const auto check = [options, environment](imaging::Size size) {
        const auto choice = choose_provider(options.settings.edit.provider, environment);
        object_select_edit::check_plan(options, choice, size);
    };
    auto work =
        edit_work(options.settings.edit, options.prepare_only, {options.image}, environment, check);
    if (work && options.prepare_only) {
        work->output =
            join_path(options.mask_dir.value_or(default_output_folders(environment).masks),
                      work->prefix + "_base_object_mask.png");
    }
    return work;
}

std::optional<LocalWork> work_of_outpaint(const Words& words, const Environment& environment) {
    const outpaint_image::Options options = outpaint_image::parse(words);
    return edit_work(options.settings.edit, options.prepare_only, {options.image}, environment,
                     [options](imaging::Size size) { outpaint_image::check_plan(options, size); });
}

std::optional<LocalWork> work_of_object_mask(const Words& words,
                                             const Environment& /*environment*/) {
    const prepare_object_mask::Options options = prepare_object_mask::parse(words);
    LocalWork work{.pictures = options.images, .check = [options](imaging::Size size) {
                       prepare_object_mask::check_plan(options, size);
                   }};
    if (options.out || options.out_dir) {
        work.output = prepare_object_mask::job_for(options.images.front(), options).out;
    }
    return work;
}

/// The command of a folder, from its parse and run.
template <class Parse, class Run>
Command command(Parse parse, Run run) {
    return [parse, run](const Words& words, const Context& context) { run(parse(words), context); };
}

std::vector<BatchCommand> make_commands() {
    return {
        {.name = "generate_image",
         .modes = {"image"},
         .run = command(generate_image::parse,
                        [](const generate_image::Options& options, const Context& context) {
                            generate_image::run(options, context);
                        }),
         .describe_error = describe_transport_error,
         .options = generate_image::known_options(),
         .local_work = always_remote},
        {.name = "generate_video",
         .modes = {"video"},
         .run = command(generate_video::parse, generate_video::run),
         .describe_error = describe_clip_error,
         .options = generate_video::known_options(),
         .local_work = always_remote,
         .mode_key = "image_mode"},
        {.name = "reference_media",
         .modes = {"reference"},
         .run = command([](const Words& words) { return reference_media::parse(words); },
                        reference_media::run),
         .describe_error = describe_clip_error,
         .options = reference_media::known_options(),
         .local_work = always_remote},
        {.name = "edit_image",
         .modes = {"edit"},
         .run = command(edit_image::parse, edit_image::run),
         .describe_error = describe_edit_error,
         .options = edit_image::known_options(),
         .local_work = work_of_edit},
        {.name = "mask_inpaint",
         .modes = {"inpaint", "mask"},
         .run = command(mask_inpaint::parse, mask_inpaint::run),
         .describe_error = describe_edit_error,
         .options = mask_inpaint::known_options(),
         .local_work = work_of_inpaint},
        {.name = "outpaint_image",
         .modes = {"outpaint"},
         .run = command(outpaint_image::parse, outpaint_image::run),
         .describe_error = describe_edit_error,
         .options = outpaint_image::known_options(),
         .local_work = work_of_outpaint,
         .mode_key = "canvas_mode"},
        {.name = "object_select_edit",
         .modes = {"object-edit", "object-select"},
         .run = command(object_select_edit::parse, object_select_edit::run),
         .describe_error = describe_edit_error,
         .options = object_select_edit::known_options(),
         .local_work = work_of_object_edit},
        {.name = "prepare_object_mask",
         .modes = {"object-mask"},
         .run = command(prepare_object_mask::parse, prepare_object_mask::run),
         .describe_error = describe_imaging_error,
         .options = prepare_object_mask::known_options(),
         .may_be_paid = false,
         .local_work = work_of_object_mask,
         .mode_key = "selection_mode"},
    };
}

}  // namespace

const KnownOption* BatchCommand::option(std::string_view option_name) const {
    const auto found = std::ranges::find(options, option_name, &KnownOption::name);
    return found == options.end() ? nullptr : &*found;
}

const std::vector<BatchCommand>& batch_commands() {
    static const std::vector<BatchCommand> commands = make_commands();
    return commands;
}

const BatchCommand* find_command(std::string_view name) {
    const auto found = std::ranges::find(batch_commands(), name, &BatchCommand::name);
    return found == batch_commands().end() ? nullptr : &*found;
}

const BatchCommand* command_for_mode(std::string_view mode) {
    const auto found = std::ranges::find_if(batch_commands(), [mode](const BatchCommand& command) {
        return std::ranges::find(command.modes, mode) != command.modes.end();
    });
    return found == batch_commands().end() ? nullptr : &*found;
}

}  // namespace editprep::tools::generate_batch_media
