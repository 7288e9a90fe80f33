#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/image_file.hpp"

/// Writes a small corpus: for each format a whole picture, the picture cut short, and seeded
/// damage.
namespace {

namespace fs = std::filesystem;
using namespace editprep::imaging;
using Bytes = std::vector<std::byte>;

void write(const fs::path& path, std::span<const std::byte> content) {
    fs::create_directories(path.parent_path());
    std::ofstream out;
    out.exceptions(std::ios::failbit | std::ios::badbit);
    out.open(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(content.data()),
              static_cast<std::streamsize>(content.size()));
    out.flush();
}

Image gradient(Channels channels) {
    Image image({23, 17}, channels);
    for (int y = 0; y < image.height(); ++y) {
        const std::span row(image.row(y), image.stride());
        for (std::size_t x = 0; x < row.size(); ++x) {
            row[x] = static_cast<std::uint8_t>(x * 3 + static_cast<std::size_t>(y) * 7);
        }
    }
    return image;
}

void write_variants(const fs::path& folder, const std::string& name, const Bytes& whole) {
    write(folder / name, whole);
    for (const std::size_t parts : {1U, 2U, 3U}) {
        write(folder / (name + "-cut" + std::to_string(parts)),
              std::span(whole).first(whole.size() * parts / 4));
    }
    std::mt19937 random(1);
    for (int i = 0; i < 16; ++i) {
        Bytes damaged = whole;
        for (int flip = 0; flip <= i / 4; ++flip) {
            damaged[random() % damaged.size()] ^= static_cast<std::byte>(1U << random() % 8);
        }
        write(folder / (name + "-damaged" + std::to_string(i)), damaged);
    }
}

void write_pictures(const fs::path& folder) {
    write_variants(folder, "rgb.png", encode_image(gradient(Channels::rgb), ImageFormat::png));
    write_variants(folder, "rgba.png", encode_image(gradient(Channels::rgba), ImageFormat::png));
    write_variants(folder, "mask.png", encode_mask_png(Mask({23, 17}, 200)));
    write_variants(folder, "rgb.jpg", encode_image(gradient(Channels::rgb), ImageFormat::jpeg));
    write_variants(folder, "rgb.webp", encode_image(gradient(Channels::rgb), ImageFormat::webp));
    WriteOptions lossless;
    lossless.lossless = true;
    write_variants(folder, "rgba.webp",
                   encode_image(gradient(Channels::rgba), ImageFormat::webp, lossless));
    write(folder / "empty", {});
}

void write_texts(const fs::path& folder, std::span<const std::string_view> texts) {
    int count = 0;
    for (const std::string_view text : texts) {
        write(folder / std::to_string(count++), std::as_bytes(std::span(text)));
    }
}

void write_regions(const fs::path& folder) {
    constexpr std::string_view kRegions[] = {
        "",
        "rect:1:2:3:4",
        "box:0:0:64:64",
        "ellipse:5:5:20:9",
        "rect-pct:10:10:50:50",
        "box-pct:-10:-10:200:200",
        "ellipse-pct:0:0:100:100",
        "rect:1:2:3",
        "rect:1:2:3:4:5",
        "rect:1e308:1e308:1e308:1e308",
        "ellipse:-2147483648:0:4294967296:9",
        "rect:nan:inf:-inf:0",
        "box:0.5:1.5:2.5:3.5",
        "rect::::",
        "circle:1:2:3:4",
    };
    write_texts(folder, kRegions);
}

void write_data_uris(const fs::path& folder) {
    constexpr std::string_view kUris[] = {
        "",
        "data:,",
        "data:image/png;base64,iVBORw0KGgo=",
        "DATA:text/plain;charset=utf-8;base64,SGVsbG8",
        "data:;base64,__-_",
        "data:image/png;base64,%69VBO",
        "data:text/plain,a%20b%zz",
        "data:image/png;base64",
        "data:image/png;base64,====",
        "data:image/png;base64,A\nA A\tA",
    };
    write_texts(folder, kUris);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: make_corpus FOLDER\n", stderr);
        return 2;
    }
    const fs::path folder = argv[1];
    fs::remove_all(folder);
    write_pictures(folder / "read_image");
    write_regions(folder / "parse_region");
    write_data_uris(folder / "parse_data_uri");
    return 0;
}
