#include "picture_folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "editprep/imaging/error.hpp"
#include "editprep/imaging/mask_encoding.hpp"

namespace editprep::benchmarks {
namespace {

namespace fs = std::filesystem;

fs::path truth_of(const fs::path& picture) {
    return picture.parent_path() / (picture.stem().string() + "_truth.png");
}

std::vector<std::byte> bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

}  // namespace

std::vector<fs::path> judged_pictures(const fs::path& folder) {
    std::vector<fs::path> pictures;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const fs::path extension = entry.path().extension();
        if ((extension == ".jpg" || extension == ".png") && fs::exists(truth_of(entry.path()))) {
            pictures.push_back(entry.path());
        }
    }
    std::ranges::sort(pictures);
    return pictures;
}

Composite load_judged(const fs::path& picture) {
    Composite composite;
    composite.name = picture.stem().string();
    composite.class_name = composite.name.substr(0, composite.name.rfind('_'));
    composite.file = bytes_of(picture);
    composite.truth = imaging::decode_mask(imaging::read_image(truth_of(picture)).image);
    const imaging::ImageInfo info = imaging::probe_image(composite.file, composite.name);
    composite.format = info.format;
    if (composite.truth.size() != info.size) {
        throw imaging::Error(imaging::Errc::size_mismatch,
                             truth_of(picture).string() + " has another size than its picture");
    }
    return composite;
}

}  // namespace editprep::benchmarks
