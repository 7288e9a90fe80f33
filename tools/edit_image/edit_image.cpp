#include "tools/edit_image/edit_image.hpp"

#include "editprep/imaging/image_file.hpp"
#include "editprep/imaging/mask_encoding.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/workflow/planned_outputs.hpp"
#include "tools/workflow/source_picture.hpp"

namespace editprep::tools::edit_image {
namespace {

constexpr const char* kCommand = "edit_image";
constexpr const char* kPurpose =
    "Has pictures edited by a prompt; with a mask, only what the mask selects.";

void check_files(const Options& options) {
    std::vector<std::string> sources = options.images;
    for (const std::string& image : options.images) {
        require_existing(image, "image");
    }
    if (options.mask) {
        require_existing(*options.mask, "mask");
        sources.push_back(*options.mask);
    }
    std::vector<PlannedOutput> outputs;
    add_preview(options.settings.output, outputs);
    check_outputs(outputs, sources, options.settings.output.overwrite);
}

/// A mask that does not lie over the picture was made for another one, so it is not resampled.
imaging::Mask load_fitting_mask(const std::string& path, const std::string& image,
                                imaging::Size size) {
    imaging::Mask mask = imaging::decode_mask(imaging::read_image(path).image);
    if (mask.size() != size) {
        throw Failure("the mask " + display_path(path) + " is " + to_string(mask.size()) +
                      ", the picture " + display_path(image) + " is " + to_string(size) +
                      "; they must have one size (mask_inpaint adapts a mask)");
    }
    return mask;
}

std::vector<JobFile> pictures_to_send(const Options& options, const imaging::Image& picture) {
    std::vector<JobFile> files;
    for (const std::string& image : options.images) {
        const bool under_the_mask = options.mask && files.empty();
        if (under_the_mask) {
            files.push_back(picture_file(image, picture));
        } else {
            const bool as_it_is = options.settings.edit.remote.skip_validation;
            files.push_back(as_it_is ? unchanged_file(image) : probed_file(image));
        }
    }
    return files;
}

void check_focus(const Options& options) {
    if (options.settings.edit.focus && !options.mask) {
        throw Failure("--focus needs a --mask: it looks at what the mask selects");
    }
}

void require_mask(const Options& options) {
    if (!options.mask) {
        throw Failure("the local provider needs a --mask: it can only fill a region");
    }
}

LocalAnswer fill_under_mask(const Options& options, const imaging::Image& picture,
                            const imaging::Mask& mask) {
    require_mask(options);
    return fill_locally(picture, mask, options.settings.edit.fill.value_or(imaging::Fill{}));
}

void declare(CommandLine& line, Options& options) {
    line.section("Input");
    line.texts("--image", options.images,
               {.help = "Picture to edit; further ones are references, in their order",
                .placeholder = "FILE",
                .required = true});
    line.text("--prompt", options.prompt,
              {.help = "What the result should show", .placeholder = "TEXT", .required = true});
    line.file("--mask", options.mask,
              {.help = "Mask of the first picture's size: white = edit, or transparent = edit",
               .placeholder = "FILE"});
    options.settings.edit.add_to(line, "inpaint", /*both_switches=*/true);
    add_timeout(line, options.settings.edit.remote);
    options.settings.output.add_to(line);
}

}  // namespace

Options parse(const Words& words) {
    Options options;
    CommandLine line(kCommand, kPurpose);
    declare(line, options);
    line.parse(words);
    return options;
}

std::vector<KnownOption> known_options() {
    Options options;
    CommandLine line(kCommand, kPurpose);
    declare(line, options);
    return line.known_options();
}

void check_local_plan(const Options& options) {
    check_focus(options);
    require_mask(options);
}

void run(const Options& options, const Context& context) {
    const EditSettings& settings = options.settings;
    const Story story(context.err, settings.output.quiet);
    check_prefix(settings.edit.prefix);
    check_files(options);
    check_focus(options);

    const ProviderChoice choice = choose_provider(settings.edit.provider, context.environment);
    const std::string& image = options.images.front();
    imaging::Image picture;
    imaging::Mask mask;
    if (options.mask || settings.output.preview) {
        picture = load_picture(image, story);
    }
    EditRequest request{
        .source = picture,
        .mask = mask,
        .mask_path = std::nullopt,
        .prompt = options.prompt,
        .edit_locally = [&] { return fill_under_mask(options, picture, mask); },
        .pictures = [&] { return pictures_to_send(options, picture); },
    };
    if (options.mask) {
        mask = load_fitting_mask(*options.mask, image, picture.size());
        request.mask_path = display_path(*options.mask);
        request.mask_to_send = [&](imaging::MaskEncoding encoding) {
            return given_mask_file(*options.mask, mask, encoding);
        };
    }
    print_edit(run_edit(request, choice, settings, context, story), settings.edit.print_json, "",
               context);
}

}  // namespace editprep::tools::edit_image
