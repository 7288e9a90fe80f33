#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Request bodies that are made while they are sent, so that a file of any size passes through a
/// few hundred kilobytes of memory.
namespace editprep::transport {

/// Content of known length that can be read more than once. Not thread-safe.
class BodySource {
public:
    virtual ~BodySource() = default;

    /// Exact: it becomes the request's Content-Length.
    [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;

    /// Fills the front of `buffer` and returns how many bytes; 0 only at the end. Throws
    /// read_failed when a file cannot be read or changes its length on the way.
    [[nodiscard]] virtual std::size_t read(std::span<std::byte> buffer) = 0;

    /// Back to the first byte.
    virtual void rewind() = 0;
};

using Body = std::shared_ptr<BodySource>;

[[nodiscard]] Body text_body(std::string text);
[[nodiscard]] Body bytes_body(std::vector<std::byte> content);

/// The file's bytes from `offset`, at most `size_bytes` of them. Throws read_failed unless it is a
/// regular file that can be read.
[[nodiscard]] Body file_body(const std::string& path, std::uint64_t offset = 0,
                             std::uint64_t size_bytes = UINT64_MAX);

/// `data:<media_type>;base64,<the content of the other body>`.
[[nodiscard]] Body data_uri_body(Body content, std::string_view media_type);

/// One after the other.
[[nodiscard]] Body joined_body(std::vector<Body> parts);

/// A file whose data URI takes the place of a token in a JSON text.
struct InlineFile {
    /// From new_inline_token(), so that no text of a user can equal it.
    std::string token;
    Body content;
    std::string media_type;
};

/// A string to put into a JSON text where a file belongs.
[[nodiscard]] std::string new_inline_token();

/// The JSON text with the data URI of each file in the place of its token. Throws invalid_argument
/// when a token does not occur in the text exactly once.
[[nodiscard]] Body json_body(std::string json, std::vector<InlineFile> files);

/// A field of multipart/form-data (RFC 7578): a plain text when it has no media type, else a file.
struct FormPart {
    std::string name;
    Body content;
    std::string file_name{};
    std::string media_type{};
};

struct FormBody {
    Body body;
    /// With the boundary, for the Content-Type header.
    std::string content_type;
};

/// In the order given. Text parts carry no Content-Type; quotes and line ends in names are written
/// as %22, %0D and %0A, as browsers do.
[[nodiscard]] FormBody form_body(std::vector<FormPart> parts);

}  // namespace editprep::transport
