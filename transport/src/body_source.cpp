#include "editprep/transport/body_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>
#include <utility>

#include "ascii.hpp"
#include "editprep/transport/base64.hpp"
#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

/// Of a file, before it becomes base64: a multiple of 3 that stays in the processor's caches.
constexpr std::size_t kEncodedAtOnce = 48 << 10;

/// Copies as much as fits and returns how much that was.
std::size_t copy_front(std::span<const std::byte> from, std::span<std::byte> to) {
    const std::size_t count = std::min(from.size(), to.size());
    if (count != 0) {
        std::memcpy(to.data(), from.data(), count);
    }
    return count;
}

/// @tparam Content std::string or std::vector<std::byte>
template <typename Content>
class MemoryBody final : public BodySource {
public:
    explicit MemoryBody(Content content) : content_(std::move(content)) {}

    [[nodiscard]] std::uint64_t size_bytes() const override { return content_.size(); }

    [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
        const auto bytes = std::as_bytes(std::span(content_));
        const std::size_t count = copy_front(bytes.subspan(position_), buffer);
        position_ += count;
        return count;
    }

    void rewind() override { position_ = 0; }

private:
    Content content_;
    std::size_t position_ = 0;
};

class FileBody final : public BodySource {
public:
    FileBody(std::string path, std::uint64_t offset, std::uint64_t size_bytes)
        // Opening a pipe must not wait for its writer.
        : path_(std::move(path)),
          descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
        if (descriptor_ < 0) {
            throw_unreadable(std::generic_category().message(errno),
                             "check its name and its permissions");
        }
        try {
            file_size_ = size_of_file();
        } catch (...) {
            ::close(descriptor_);
            throw;
        }
        begin_ = std::min(offset, file_size_);
        size_ = std::min(size_bytes, file_size_ - begin_);
    }

    ~FileBody() override { ::close(descriptor_); }
    FileBody(const FileBody&) = delete;
    FileBody& operator=(const FileBody&) = delete;

    [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }

    [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_ - position_));
        if (wanted == 0) {
            return 0;
        }
        const ssize_t count =
            ::pread(descriptor_, buffer.data(), wanted, static_cast<off_t>(begin_ + position_));
        if (count < 0) {
            throw_unreadable(std::generic_category().message(errno));
        }
        position_ += static_cast<std::uint64_t>(count);
        if (count == 0 || (position_ == size_ && size_of_file() != file_size_)) {
            throw_unreadable("its length changed while it was read");
        }
        return static_cast<std::size_t>(count);
    }

    void rewind() override { position_ = 0; }

private:
    [[noreturn]] void throw_unreadable(const std::string& why,
                                       const std::string& next_step = {}) const {
        throw Error(Errc::read_failed, "cannot read " + path_ + ": " + why, path_, next_step);
    }

    [[nodiscard]] std::uint64_t size_of_file() const {
        struct stat status {};
        if (::fstat(descriptor_, &status) != 0) {
            throw_unreadable(std::generic_category().message(errno));
        }
        if (S_ISDIR(status.st_mode)) {
            throw_unreadable("it is a directory", "name a file inside it");
        }
        if (!S_ISREG(status.st_mode)) {
            throw_unreadable("it is no plain file");
        }
        return static_cast<std::uint64_t>(status.st_size);
    }

    std::string path_;
    int descriptor_;
    std::uint64_t file_size_ = 0;
    std::uint64_t begin_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t position_ = 0;
};

class Base64Body final : public BodySource {
public:
    explicit Base64Body(Body content) : content_(std::move(content)) {}

    [[nodiscard]] std::uint64_t size_bytes() const override {
        return (content_->size_bytes() + 2) / 3 * 4;
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
        std::size_t written = 0;
        while (written < buffer.size()) {
            const std::size_t count = read_some(buffer.subspan(written));
            if (count == 0) {
                break;
            }
            written += count;
        }
        return written;
    }

    void rewind() override {
        content_->rewind();
        raw_size_ = 0;
        raw_position_ = 0;
        quartet_position_ = quartet_.size();
    }

private:
    std::size_t read_some(std::span<std::byte> buffer) {
        if (quartet_position_ < quartet_.size()) {
            const auto rest = std::as_bytes(std::span(quartet_)).subspan(quartet_position_);
            const std::size_t count = copy_front(rest, buffer);
            quartet_position_ += count;
            return count;
        }
        if (raw_position_ == raw_size_ && !refill()) {
            return 0;
        }
        const std::size_t fitting = buffer.size() / 4 * 3;
        if (fitting == 0) {
            encode_base64(take_raw(3), quartet_.data());
            quartet_position_ = 0;
            return read_some(buffer);
        }
        const auto piece = take_raw(fitting);
        encode_base64(piece, reinterpret_cast<char*>(buffer.data()));
        return base64_size(piece.size());
    }

    [[nodiscard]] std::span<const std::byte> take_raw(std::size_t wanted) {
        const std::size_t count = std::min(wanted, raw_size_ - raw_position_);
        const auto piece = std::span(raw_).subspan(raw_position_, count);
        raw_position_ += count;
        return piece;
    }

    /// Fills the whole buffer, so that only the last piece can be no multiple of 3.
    bool refill() {
        raw_.resize(kEncodedAtOnce);
        raw_position_ = 0;
        raw_size_ = 0;
        while (raw_size_ < raw_.size()) {
            const std::size_t count = content_->read(std::span(raw_).subspan(raw_size_));
            if (count == 0) {
                break;
            }
            raw_size_ += count;
        }
        return raw_size_ != 0;
    }

    Body content_;
    std::vector<std::byte> raw_;
    std::size_t raw_size_ = 0;
    std::size_t raw_position_ = 0;
    /// The four characters that a buffer's end cuts through.
    std::array<char, 4> quartet_{};
    std::size_t quartet_position_ = quartet_.size();
};

class JoinedBody final : public BodySource {
public:
    explicit JoinedBody(std::vector<Body> parts) : parts_(std::move(parts)) {
        for (const Body& part : parts_) {
            size_ += part->size_bytes();
        }
    }

    [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }

    [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
        std::size_t written = 0;
        while (written < buffer.size() && current_ < parts_.size()) {
            const std::size_t count = parts_[current_]->read(buffer.subspan(written));
            written += count;
            if (count == 0 && ++current_ < parts_.size()) {
                // The same content may have stood earlier in the row.
                parts_[current_]->rewind();
            }
        }
        return written;
    }

    void rewind() override {
        for (const Body& part : parts_) {
            part->rewind();
        }
        current_ = 0;
    }

private:
    std::vector<Body> parts_;
    std::uint64_t size_ = 0;
    std::size_t current_ = 0;
};

[[noreturn]] void refuse(const std::string& message, const std::string& subject) {
    throw Error(Errc::invalid_argument, message, subject);
}

/// A media type stands unescaped in a header and in a JSON text.
void check_media_type(std::string_view media_type) {
    const auto harmful = [](char c) { return is_control(c) || c == '"' || c == '\\' || c == ','; };
    if (media_type.empty() || std::ranges::any_of(media_type, harmful)) {
        refuse("not a media type: " + std::string(media_type), "media type");
    }
}

/// 128 bits as hexadecimal digits.
std::string random_text() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::random_device device;
    std::string text;
    for (int word = 0; word < 4; ++word) {
        std::uint32_t bits = device();
        for (int digit = 0; digit < 8; ++digit, bits >>= 4) {
            text.push_back(kDigits[bits & 15]);
        }
    }
    return text;
}

/// Where the token stands, which must be once.
std::size_t only_place_of(const std::string& token, const std::string& json) {
    const std::size_t place = token.empty() ? std::string::npos : json.find(token);
    if (place == std::string::npos || json.find(token, place + 1) != std::string::npos) {
        refuse("an inline file's token does not occur exactly once in the JSON text", "token");
    }
    return place;
}

/// As browsers write a name into Content-Disposition (HTML Living Standard, section 4.10.21.8).
std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        switch (c) {
            case '"':
                text += "%22";
                break;
            case '\r':
                text += "%0D";
                break;
            case '\n':
                text += "%0A";
                break;
            default:
                text.push_back(c);
        }
    }
    return text + "\"";
}

std::string head_of(const FormPart& part) {
    std::string head = "Content-Disposition: form-data; name=" + quoted(part.name);
    if (!part.media_type.empty()) {
        check_media_type(part.media_type);
        head += "; filename=" + quoted(part.file_name) + "\r\nContent-Type: " + part.media_type;
    }
    return head + "\r\n\r\n";
}

}  // namespace

Body text_body(std::string text) {
    return std::make_shared<MemoryBody<std::string>>(std::move(text));
}

Body bytes_body(std::vector<std::byte> content) {
    return std::make_shared<MemoryBody<std::vector<std::byte>>>(std::move(content));
}

Body file_body(const std::string& path, std::uint64_t offset, std::uint64_t size_bytes) {
    return std::make_shared<FileBody>(path, offset, size_bytes);
}

Body data_uri_body(Body content, std::string_view media_type) {
    check_media_type(media_type);
    return joined_body({text_body("data:" + std::string(media_type) + ";base64,"),
                        std::make_shared<Base64Body>(std::move(content))});
}

Body joined_body(std::vector<Body> parts) { return std::make_shared<JoinedBody>(std::move(parts)); }

std::string new_inline_token() { return "editprep-inline-file-" + random_text(); }

Body json_body(std::string json, std::vector<InlineFile> files) {
    if (files.empty()) {
        return text_body(std::move(json));
    }
    std::vector<std::pair<std::size_t, const InlineFile*>> places;
    for (const InlineFile& file : files) {
        places.emplace_back(only_place_of(file.token, json), &file);
    }
    std::ranges::sort(places);
    std::vector<Body> parts;
    std::size_t done = 0;
    for (const auto& [place, file] : places) {
        if (place < done) {
            refuse("the tokens of two inline files overlap", "token");
        }
        parts.push_back(text_body(json.substr(done, place - done)));
        parts.push_back(data_uri_body(file->content, file->media_type));
        done = place + file->token.size();
    }
    parts.push_back(text_body(json.substr(done)));
    return joined_body(std::move(parts));
}

FormBody form_body(std::vector<FormPart> parts) {
    const std::string boundary = "editprep-" + random_text();
    std::vector<Body> pieces;
    std::string before = "--" + boundary + "\r\n";
    for (FormPart& part : parts) {
        pieces.push_back(text_body(before + head_of(part)));
        pieces.push_back(std::move(part.content));
        before = "\r\n--" + boundary + "\r\n";
    }
    before.replace(before.size() - 2, 2, "--\r\n");
    pieces.push_back(text_body(std::move(before)));
    return {joined_body(std::move(pieces)), "multipart/form-data; boundary=" + boundary};
}

}  // namespace editprep::transport
