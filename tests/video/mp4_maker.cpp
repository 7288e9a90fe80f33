#include "mp4_maker.hpp"

namespace editprep::testing {
namespace {

std::string unity_matrix() {
    return u32(0x10000) + repeat(u32(0), 3) + u32(0x10000) + repeat(u32(0), 3) + u32(0x4000'0000);
}

std::string zeros(std::size_t count) { return std::string(count, '\0'); }

std::string sample_description() {
    return box("stsd",
               u32(0) + u32(1) +
                   box("jpeg", zeros(6) + number(1, 2) + zeros(16) + number(64, 2) + number(48, 2) +
                                   u32(0x480000) + u32(0x480000) + u32(0) + number(1, 2) +
                                   zeros(32) + number(24, 2) + number(0xFFFF, 2)));
}

}  // namespace

std::string number(std::uint64_t value, int bytes) {
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        text += static_cast<char>(value >> shift & 0xFFU);
    }
    return text;
}

std::string u32(std::uint64_t value) { return number(value, 4); }

std::string repeat(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

std::string box(const char* type, const std::string& content) {
    return u32(content.size() + 8) + type + content;
}

const std::string kMp4Type = box("ftyp", "isom" + u32(512) + "isomiso2mp41");

std::string movie_header() {
    return box("mvhd", repeat(u32(0), 3) + u32(1000) + u32(1000) + u32(0x10000) +
                           number(0x0100, 2) + zeros(10) + unity_matrix() + zeros(24) + u32(2));
}

std::string track(const std::string& sample_table, const std::string& before_media) {
    const std::string header =
        box("tkhd", u32(3) + u32(0) + u32(0) + u32(1) + u32(0) + u32(1000) + repeat(u32(0), 4) +
                        unity_matrix() + u32(64 << 16) + u32(48 << 16));
    const std::string media_header =
        box("mdhd", repeat(u32(0), 3) + u32(1000) + u32(1000) + u32(0));
    const std::string handler = box("hdlr", u32(0) + u32(0) + "vide" + zeros(13));
    const std::string table = box("minf", box("stbl", sample_description() + sample_table));
    return box("trak", header + before_media + box("mdia", media_header + handler + table));
}

std::string stts(std::uint64_t count, std::uint64_t duration) {
    return box("stts", u32(0) + u32(1) + u32(count) + u32(duration));
}

std::string stsc(std::uint64_t samples_per_chunk) {
    return box("stsc", u32(0) + u32(1) + u32(1) + u32(samples_per_chunk) + u32(1));
}

std::string stsz(std::uint64_t sample_size, std::uint64_t count) {
    return box("stsz", u32(0) + u32(sample_size) + u32(count));
}

std::string stco(std::uint64_t offset) { return box("stco", u32(0) + u32(1) + u32(offset)); }

std::string sample_table(std::uint64_t count, std::uint64_t size) {
    return stts(count, 100) + stsc(count) + stsz(size, count) + stco(kMp4Type.size() + 8);
}

std::string mp4_clip(const std::string& tracks, std::size_t media_bytes) {
    return kMp4Type + box("mdat", zeros(media_bytes)) + box("moov", movie_header() + tracks);
}

}  // namespace editprep::testing
