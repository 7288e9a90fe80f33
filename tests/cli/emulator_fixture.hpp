#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "command_fixture.hpp"
#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/data_uri.hpp"
#include "emulator_process.hpp"

/// provider_emulator by requests as the official clients write them.
namespace editprep::testing {

using Json = nlohmann::ordered_json;
using Headers = std::map<std::string, std::string>;

inline const Headers kFal{{"Authorization", "Key an-id:a-secret-of-mine"},
                          {"Content-Type", "application/json"}};
inline const Headers kOpenAi{{"Authorization", "Bearer sk-0123456789"},
                             {"Content-Type", "application/json"}};

[[nodiscard]] inline std::filesystem::path emulator_path() {
    return std::filesystem::path(EDITPREP_BIN) / "provider_emulator";
}

[[nodiscard]] inline std::string png_of(const Image& image) {
    const auto bytes = imaging::encode_image(image, imaging::ImageFormat::png);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline std::string data_uri_of(const Image& image) {
    const std::string png = png_of(image);
    return transport::to_data_uri(std::as_bytes(std::span(png)), "image/png");
}

/// One part of a form.
struct Part {
    std::string name;
    std::string content;
    std::string media_type{};
    std::string file_name = "a.png";
};

/// A body with the boundary `edge`; parts without a media type are texts.
[[nodiscard]] inline std::string form_of(const std::vector<Part>& parts) {
    std::string body;
    for (const Part& part : parts) {
        body += "--edge\r\nContent-Disposition: form-data; name=\"" + part.name + '"';
        body += part.media_type.empty() ? "\r\n"
                                        : "; filename=\"" + part.file_name +
                                              "\"\r\nContent-Type: " + part.media_type + "\r\n";
        body += "\r\n" + part.content + "\r\n";
    }
    return body + "--edge--\r\n";
}

class EmulatorTest : public ::testing::Test {
protected:
    explicit EmulatorTest(const Arguments& arguments = {"--job-seconds", "0"})
        : emulator_(emulator_path(), arguments) {}

    [[nodiscard]] EmulatorReply post(const std::string& target, const Json& body,
                                     const Headers& headers = kFal) const {
        return emulator_.send("POST", target, headers, body.dump());
    }

    [[nodiscard]] EmulatorReply get(const std::string& target) const {
        return emulator_.send("GET", target, kFal);
    }

    Json submit(const std::string& model, const Json& input, const std::string& query = {}) const {
        const EmulatorReply reply = post("/queue/" + model + query, input);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return Json::parse(reply.body);
    }

    [[nodiscard]] EmulatorReply post_form(const std::string& target,
                                          const std::vector<Part>& parts) const {
        return emulator_.send("POST", target,
                              {{"Authorization", "Bearer sk-0123456789"},
                               {"Content-Type", "multipart/form-data; boundary=edge"}},
                              form_of(parts));
    }

    /// The content behind a URL of the emulator.
    [[nodiscard]] std::string fetch(const Json& url) const {
        const EmulatorReply reply = emulator_.send("GET", path_of(url));
        EXPECT_EQ(reply.status, 200) << url;
        return reply.body;
    }

    [[nodiscard]] std::string path_of(const Json& url) const {
        const auto text = url.get<std::string>();
        EXPECT_TRUE(text.starts_with(emulator_.url())) << text;
        return text.substr(emulator_.url().size());
    }

    [[nodiscard]] Json run(const std::string& model, const Json& input) const {
        const EmulatorReply reply = post("/run/" + model, input);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return Json::parse(reply.body);
    }

    [[nodiscard]] Json journal() const { return Json::parse(emulator_.get("/_emulator/journal")); }

    [[nodiscard]] EmulatorProcess& emulator() { return emulator_; }
    [[nodiscard]] const EmulatorProcess& emulator() const { return emulator_; }

private:
    EmulatorProcess emulator_;
};

}  // namespace editprep::testing
