#include "vips_reader.hpp"

#include <new>

#include "icc_profile.hpp"
#include "module_loader.hpp"
#include "read_error.hpp"

namespace editprep::imaging {
namespace {

const VipsTable* load_table() {
    const auto function =
        reinterpret_cast<VipsTableFunction>(module_symbol(kVipsModule, kVipsSymbol));
    const VipsTable* table = function();
    if (table->version != kVipsVersion) {
        throw Error(Errc::module_unavailable,
                    "the module editprep_vips is of another version than this program", kVipsModule,
                    "install both from the same package");
    }
    return table;
}

Channels channels_of(int count) {
    return count == 1 ? Channels::grey : count == 3 ? Channels::rgb : Channels::rgba;
}

HeaderFacts to_header_facts(const VipsFacts& facts, ImageFormat format) {
    HeaderFacts result;
    result.info.format = format;
    result.info.size = {facts.width, facts.height};
    result.info.channels = channels_of(facts.channels);
    result.info.orientation = facts.orientation;
    result.info.bits = facts.bits;
    result.info.frames = facts.frames;
    result.info.cmyk = facts.cmyk;
    const std::span profile(static_cast<const std::byte*>(facts.profile), facts.profile_size);
    result.info.foreign_profile = !profile.empty() && (facts.channels == 1 || !is_srgb(profile));
    return result;
}

}  // namespace

VipsReader::VipsReader(std::span<const std::byte> content, ImageFormat format,
                       std::string_view subject)
    : table_(load_table()), subject_(subject), picture_(nullptr, table_->close) {
    VipsPicture* picture = nullptr;
    VipsFacts facts{};
    facts_.info.format = format;
    check(table_->open(content.data(), content.size(), static_cast<VipsFormat>(format), &picture,
                       &facts));
    picture_.reset(picture);
    facts_ = to_header_facts(facts, format);
}

VipsReader::Decoded VipsReader::decode(bool use_profile) {
    Decoded result;
    result.image = Image(facts_.info.size, facts_.info.channels);
    bool profile_used = false;
    check(table_->decode(picture_.get(), use_profile, result.image.bytes().data(), &profile_used));
    result.profile_ignored = use_profile && !profile_used;
    return result;
}

void VipsReader::check(VipsStatus status) const {
    switch (status) {
        case VipsStatus::ok:
            return;
        case VipsStatus::unavailable:
            throw Error(Errc::module_unavailable,
                        "cannot read " + subject_ + ": " + table_->message(), subject_,
                        "install libvips with support for this format, or convert it to PNG");
        case VipsStatus::unsupported:
            throw_unsupported(subject_, table_->message());
        case VipsStatus::damaged:
            throw_damaged(name_of(facts_.info.format), subject_, table_->message());
        case VipsStatus::out_of_memory:
            throw std::bad_alloc();
    }
}

}  // namespace editprep::imaging
