#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "temp_folder.hpp"

namespace editprep::testing {

/// How a page is looked at.
struct Screen {
    int width = 1280;
    int height = 900;
    bool dark = false;
    /// As on paper.
    bool print = false;
};

/// Chromium without a window, with a profile of its own, driven by the DevTools protocol over a
/// pipe. One page at a time. Every wait is bounded, and ends in std::runtime_error.
class Browser {
public:
    /// The one that is installed; nothing where there is none.
    [[nodiscard]] static std::optional<std::filesystem::path> find();

    explicit Browser(const std::filesystem::path& program);
    /// Ends it.
    ~Browser();
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;

    void set_screen(const Screen& screen);
    /// Opens a file and waits until all of it is loaded.
    void open(const std::filesystem::path& page);
    /// The value of an expression in JavaScript.
    nlohmann::json value_of(const std::string& expression);
    /// A key as a user presses it: `Tab`, `ArrowRight`, `Enter`.
    void press(const std::string& key);
    /// Presses the mouse there, moves it and lets it go.
    void drag(double from_x, double from_y, double to_x, double to_y);
    /// The whole page as PNG.
    void save_screenshot(const std::filesystem::path& path);

    /// Errors, warnings and violations of the page's policy since the page was opened.
    [[nodiscard]] const std::vector<std::string>& complaints() const noexcept {
        return complaints_;
    }
    /// Everything that the page asked for beside itself and what stands inside it.
    [[nodiscard]] const std::vector<std::string>& requests() const noexcept { return requests_; }

private:
    nlohmann::json call(const std::string& method, const nlohmann::json& parameters = {});
    nlohmann::json next_message();
    void take_event(const nlohmann::json& event);
    void begin_page();
    void mouse(const char* type, double x, double y, int buttons);

    TempFolder profile_;
    std::chrono::steady_clock::time_point deadline_{};
    int pid_ = -1;
    int commands_ = -1;
    int answers_ = -1;
    std::string received_;
    std::string session_;
    std::string page_;
    int last_id_ = 0;
    bool loaded_ = false;
    Screen screen_{};
    std::vector<std::string> complaints_;
    std::vector<std::string> requests_;
};

}  // namespace editprep::testing
