#pragma once

#include <string>
#include <string_view>

/// Texts that may be printed, logged or stored.
namespace editprep::transport {

/// A JSON text with every string that holds a data URI, or base64 longer than 256 characters under
/// a key like `b64_json`, shortened to what identifies it:
/// `data:image/png;base64,... (12345 bytes, sha256 0123456789abcdef...)`. Everything else stays as
/// it is, numbers digit by digit and keys in their order. Text that is not JSON is treated as one
/// string.
[[nodiscard]] std::string redact_payloads(std::string_view json);

/// The same with the short form `data:...`, for printed summaries.
[[nodiscard]] std::string shorten_payloads(std::string_view json);

/// A text with everything that looks like a key (`Key id:secret`, `Bearer ...`, `sk-...`, values of
/// members called like `api_key` or `authorization`) replaced by `***`, and every occurrence of
/// `secret` itself, unless that is empty.
[[nodiscard]] std::string redact_keys(std::string_view text, std::string_view secret = {});

/// Lower-case hexadecimal SHA-256 (FIPS 180-4) of the bytes of the text.
[[nodiscard]] std::string sha256_hex(std::string_view content);

}  // namespace editprep::transport
