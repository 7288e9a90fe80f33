#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "mp4_maker.hpp"
#include "png_maker.hpp"

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

/// Kinds that our own encoder does not write.
void write_pngs(const fs::path& folder) {
    for (const int color : {0, 2, 3, 4, 6}) {
        editprep::testing::PngRecipe recipe{.size = {13, 11}, .color = color, .chunk_bytes = 60};
        recipe.bits = color == 3 ? 4 : 8;
        recipe.interlaced = color % 4 != 0;
        recipe.palette.resize(color == 3 ? 30 : 0, std::byte{90});
        recipe.transparency.resize(color == 2 ? 6 : color == 4 || color == 6 ? 0 : 2);
        recipe.samples = editprep::testing::random_png_samples(recipe, 1);
        write_variants(folder, "kind" + std::to_string(color) + ".png",
                       editprep::testing::make_png(recipe));
    }
}

void write_pictures(const fs::path& folder) {
    write_pngs(folder);
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

void write_urls(const fs::path& folder) {
    constexpr std::string_view kUrls[] = {
        "https://queue.fal.run/fal-ai/flux/requests/1?logs=1#x",
        "http://[::1]:8080/a/../b",
        "//cdn.example.org/x?sig=%2F+a",
        "../../g;x=1?y/../z",
        "http://user:word@host/",
        "http://2130706433:99999/",
        "HTTP://A.EXAMPLE:/./..//",
    };
    write_texts(folder, kUrls);
}

void write_event_streams(const fs::path& folder) {
    constexpr std::string_view kStreams[] = {
        "data: one\n\nevent: image\r\ndata: {\r\ndata: }\r\n\r\n",
        "\xEF\xBB\xBF: comment\rdata\r\rid: 1\rretry: 5\r\r",
        "event: x\n\ndata:\n\n\n\r",
    };
    write_texts(folder, kStreams);
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

void write_models(const fs::path& folder) {
    constexpr std::string_view kFiles[] = {
        "",
        "{}",
        "{source: 's', date: '2026-11-01', models: []}",
        R"(// JSON5
{source: 's', date: '2026-11-01', models: [{id: 'a/b', category: 'edit', fields: {
  prompt: {required: true, max_length: 9}, n: {type: 'integer', minimum: 1, default: 0x2},
  image_urls: {type: 'array', file: 'image', formats: ['.png'], max_mb: .5, max_items: 3},
  size: {type: 'object', choices: ['auto'], members: {width: {type: 'number'}}}, },
  prompt_tokens: [{token: '@Image', field: 'image_urls'}], edit: {image: 'image_urls'},
  price: {unit: 'image', usd: 1e-2, quantity_field: 'n'}},
  {id: 'c', like: 'a/b', fields: {n: null}, price: null}]})",
        R"({"models": [{"id": "\ud83d\ude00", "category": "x"}], "models": 1, })",
        "[[[[[[[[{a:'\\x41\\\n'}]]]]]]]]",
        "\xEF\xBB\xBF{'\xC3\xA4': -Infinity}",
    };
    write_texts(folder, kFiles);
}

void write_secrets(const fs::path& folder) {
    constexpr std::string_view kTexts[] = {
        "",
        R"({"image_url": "data:image\/png;base64,iVBORw0KGgo=", "n": 1.50})",
        R"({"b64_json": ["AAAA\u002BBBB", {"x": "y"}], "data": "\\"})",
        "Authorization: Key id:secret\r\nCookie: canary-key",
        R"("{\"api_key\": \"canary-key\", \"n\": 1}")",
        "<img src='data:image/png;base64,AAAA'> sk-proj-0123456789 \"data:,%41",
        "token=\\\\\"x\" key a: b Bearer",
    };
    write_texts(folder, kTexts);
}

void write_legacy_pending(const fs::path& folder) {
    constexpr std::string_view kFiles[] = {
        "",
        "{}",
        R"({"requests": []})",
        R"({"requests": [{"request_id": "r", "model_id": "fal-ai/flux", "input": {"prompt": "p"}, )"
        R"("status": "IN_QUEUE", "submitted_at": "2024-06-11T08:30:00.123456", )"
        R"("updated_at": "2024-06-11T08:30:00.123456"}]})",
        R"({"requests": [{"queue_position": null, "error": "x", "own": [1e3, -0.0], )"
        R"("request_id": "\ud83c\udfa8"}, 7, {"request_id": ""}]})",
        R"({"requests": [{"request_id": "r", "input": "data:image/png;base64,iVBORw0KGgo="}]})",
        R"({"requests": [{"request_id": "a", "request_id": "b", "status": 3}]})",
        R"({"requests": {"request_id": "r"}})",
        R"({"requests": [1e999]})",
        R"([[[[[[[[[[)",
    };
    write_texts(folder, kFiles);
}

void write_media_responses(const fs::path& folder) {
    constexpr std::string_view kResponses[] = {
        "",
        R"({"data":[{"url":"http://h/a"},{"b64_json":"QUJD"}]})",
        R"({"images":[{"url":"https:\/\/h\/a.png?x=\u0026"}],"seed":1e5})",
        R"({"video":[{"url":"data:video/mp4;base64,AAAA"}],"audio":null})",
        R"("https://h/alone")",
        "{\"a\":[[[[[{\"url\":\"/v1/files/x\"}",
        "data: {\"b64_json\": \"QU\\/D\"}",
        R"(<video><source src="/x/generated_video.mp4"></video>)",
        "<img alt='<' src=a&amp;b&#x110000;.png><a href=\"c.SVG\">",
        "[![small](a (1).png)](<http://h/b c.png>) ![image](x \"title\")",
        "(http://h/a.png?x=1), http://h/b.webp,http://h/c.gif] http://h/v1/files/d.",
        "data:image/png;base64,QUJD\nREVG",
    };
    write_texts(folder, kResponses);
}

Bytes to_bytes(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// Clips without frames that could be decoded: what is probed is the container.
void write_clips(const fs::path& folder) {
    using namespace editprep::testing;
    const std::string one = track(sample_table(10, 100));
    const std::string edit =
        box("edts", box("elst", u32(0) + u32(1) + u32(500) + u32(100) + u32(0x10000)));
    write_variants(folder, "clip.mp4", to_bytes(mp4_clip(one)));
    write_variants(folder, "edit.mp4", to_bytes(mp4_clip(track(sample_table(10, 100), edit))));
    write_variants(folder, "tracks.mp4", to_bytes(mp4_clip(one + one)));
    write_variants(folder, "samples.mp4", to_bytes(mp4_clip(track(sample_table(1 << 26, 1)))));
    // EBML header with DocType, a segment of unknown length, its Info and one video track.
    write_variants(folder, "clip.webm",
                   to_bytes("\x1A\x45\xDF\xA3\x87\x42\x82\x84webm"
                            "\x18\x53\x80\x67\xFF\x15\x49\xA9\x66\x85\x44\x89\x82\x43\x7A"
                            "\x16\x54\xAE\x6B\x96\xAE\x94\xD7\x81\x01\x83\x81\x01"
                            "\x86\x85V_VP8\xE0\x86\xB0\x81\x40\xBA\x81\x30"));
    // Packets of MPEG-TS that are stuffing.
    write_variants(folder, "clip.ts",
                   to_bytes(repeat("\x47\x1F\xFF\x10" + std::string(184, '\xFF'), 20)));
    write_variants(folder, "clip.avi",
                   to_bytes("RIFF\x64" + repeat(std::string(1, '\0'), 3) + "AVI LIST" +
                            std::string(90, '\x01')));
}

void write_batches(const fs::path& folder) {
    constexpr std::string_view kManifests[] = {
        "",
        R"([{"prompt": "{a} {index:03d} {{b}} {\"k\": {}}", "vars": {"a": 1}}])",
        "{\"mode\": \"video\", \"reference_image\": [\"a\"], \"prompt\": \"--size\"}\r\n\r\n7\r\n",
        R"({"mode": "inpaint", "region": ["rect:0:0:1:1"], "invert": true, "qualty": {}})",
        "\xEF\xBB\xBF[[[{}]]]",
        "{{{a}}} {a:099d} {a:0100d} }{ {a.b} {0} {} }}",
        "{\n\"prompt\": \"p\"\n}",
    };
    write_texts(folder, kManifests);
}

/// Pixels behind a width, settings and a height, for every kind of PNG that is written.
void write_rows(const fs::path& folder) {
    std::mt19937 random(2);
    Bytes sparse(5000);
    Bytes noise(300);
    for (std::size_t i = 0; i < 40; ++i) {
        sparse[random() % sparse.size()] = static_cast<std::byte>(random());
    }
    for (std::byte& byte : noise) {
        byte = static_cast<std::byte>(random());
    }
    for (int kind = 0; kind < 18; ++kind) {
        const Bytes head = {static_cast<std::byte>(random()), static_cast<std::byte>(random() % 16),
                            static_cast<std::byte>(kind % 3), static_cast<std::byte>(kind / 3 % 2),
                            static_cast<std::byte>(kind / 6), static_cast<std::byte>(random() % 3),
                            static_cast<std::byte>(random()), static_cast<std::byte>(random())};
        for (const Bytes& pixels : {sparse, noise, Bytes(1)}) {
            Bytes content = head;
            content.insert(content.end(), pixels.begin(), pixels.end());
            write(folder / (std::to_string(kind) + "-" + std::to_string(pixels.size())), content);
        }
    }
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
    write_clips(folder / "probe_clip");
    write_clips(folder / "walk_boxes");
    write_regions(folder / "parse_region");
    write_data_uris(folder / "parse_data_uri");
    write_media_responses(folder / "find_media");
    write_urls(folder / "parse_url");
    write_event_streams(folder / "read_event_stream");
    write_models(folder / "read_models");
    write_secrets(folder / "redact");
    write_legacy_pending(folder / "parse_legacy_pending");
    write_batches(folder / "read_batch");
    write_rows(folder / "write_png");
    return 0;
}
