#include "rendered.hpp"

#include <algorithm>

#include "camera.hpp"
#include "random.hpp"

namespace editprep::benchmarks {
namespace {

namespace fs = std::filesystem;
using imaging::Image;

Picture linear_picture(const Image& image) {
    const Image rgb = imaging::to_rgb(image);
    Picture picture(rgb.size());
    for (std::size_t i = 0; i < picture.values().size(); ++i) {
        const std::uint8_t* pixel = rgb.bytes().data() + 3 * i;
        picture.values()[i] = from_srgb8(pixel[0], pixel[1], pixel[2]);
    }
    return picture;
}

imaging::Mask alpha_of(const Image& image) {
    const Image rgba = imaging::to_rgba(image);
    imaging::Mask mask(rgba.size());
    for (std::size_t i = 0; i < mask.bytes().size(); ++i) {
        mask.bytes()[i] = rgba.bytes()[4 * i + 3];
    }
    return mask;
}

}  // namespace

std::vector<std::string> rendered_scenes(const fs::path& folder) {
    std::vector<std::string> scenes;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string scene = entry.path().stem().string();
        if (entry.path().extension() == ".png" && fs::exists(folder / (scene + "_cutout.png"))) {
            scenes.push_back(scene);
        }
    }
    std::ranges::sort(scenes);
    return scenes;
}

Composite load_rendered(const fs::path& folder, const std::string& scene) {
    const Picture picture = linear_picture(imaging::read_image(folder / (scene + ".png")).image);
    Random random(seed_of(scene));
    CameraPlan camera;
    camera.noise = random.uniform(0.5, 2.5);
    camera.grain = random.uniform(0.3, 0.8);
    const Sprite nothing{Picture(picture.size()), Plane(picture.size())};

    Composite composite;
    composite.name = std::string(kRenderedClass) + "_" + scene;
    composite.class_name = kRenderedClass;
    composite.truth = alpha_of(imaging::read_image(folder / (scene + "_cutout.png")).image);
    imaging::WriteOptions options;
    options.quality = random.integer(80, 95);
    composite.file = imaging::encode_image(photograph(nothing, picture, camera, random.bits()),
                                           composite.format, options);
    return composite;
}

}  // namespace editprep::benchmarks
