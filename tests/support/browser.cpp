#include "browser.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "editprep/transport/base64.hpp"
#include "editprep/transport/url.hpp"

namespace editprep::testing {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::chrono::seconds kAnswerLimit{90};
constexpr std::chrono::seconds kEndLimit{10};
/// Where the browser reads commands and writes answers.
constexpr int kCommands = 3;
constexpr int kAnswers = 4;

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

/// Its ends lie beyond those that the browser gets.
Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    Pipe pipe{::fcntl(ends[0], F_DUPFD_CLOEXEC, 10), ::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
    ::close(ends[0]);
    ::close(ends[1]);
    return pipe;
}

std::string file_url(const std::filesystem::path& path) {
    std::string url = "file://";
    for (const std::filesystem::path& part : path) {
        if (part != "/") {
            url += '/' + transport::percent_encode(part.string());
        }
    }
    return url;
}

pid_t spawn(const std::filesystem::path& program, const std::filesystem::path& profile,
            const Pipe& commands, const Pipe& answers) {
    std::vector<std::string> words{program.string(),
                                   "--headless=new",
                                   "--no-sandbox",
                                   "--disable-gpu",
                                   "--disable-dev-shm-usage",
                                   "--disable-background-networking",
                                   "--disable-component-update",
                                   "--no-first-run",
                                   "--hide-scrollbars",
                                   "--remote-debugging-pipe",
                                   "--user-data-dir=" + profile.string()};
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    std::string home = "HOME=" + profile.string();
    std::vector<char*> variables{home.data()};
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (!std::string_view(*variable).starts_with("HOME=")) {
            variables.push_back(*variable);
        }
    }
    variables.push_back(nullptr);

    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, commands.read_end, kCommands);
    ::posix_spawn_file_actions_adddup2(&actions, answers.write_end, kAnswers);
    // A group of its own, so that its helpers can be ended with it.
    posix_spawnattr_t attributes{};
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(),
                                    variables.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), program.string());
    }
    return pid;
}

bool ends_within(pid_t pid, std::chrono::seconds limit) {
    for (const auto deadline = Clock::now() + limit; Clock::now() < deadline;) {
        if (::waitpid(pid, nullptr, WNOHANG) == pid) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

}  // namespace

std::optional<std::filesystem::path> Browser::find() {
    const char* path = std::getenv("PATH");
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
        std::istringstream folders(path == nullptr ? "" : path);
        for (std::string folder; std::getline(folders, folder, ':');) {
            const auto program = std::filesystem::path(folder) / name;
            if (::access(program.c_str(), X_OK) == 0) {
                return program;
            }
        }
    }
    return std::nullopt;
}

Browser::Browser(const std::filesystem::path& program) {
    const Pipe commands = make_pipe();
    const Pipe answers = make_pipe();
    pid_ = spawn(program, profile_.path(), commands, answers);
    ::close(commands.read_end);
    ::close(answers.write_end);
    commands_ = commands.write_end;
    answers_ = answers.read_end;
    begin_page();
}

Browser::~Browser() {
    try {
        session_.clear();
        call("Browser.close");
    } catch (const std::exception&) {
        // It is ended below.
    }
    ::close(commands_);
    ::close(answers_);
    const bool ended = ends_within(pid_, kEndLimit);
    ::kill(-pid_, SIGKILL);
    if (!ended) {
        ::waitpid(pid_, nullptr, 0);
    }
}

void Browser::begin_page() {
    const Json target = call("Target.createTarget", {{"url", "about:blank"}});
    const Json attached =
        call("Target.attachToTarget", {{"targetId", target.at("targetId")}, {"flatten", true}});
    session_ = attached.at("sessionId");
    for (const char* domain : {"Page", "Runtime", "Log", "Network"}) {
        call(std::string(domain) + ".enable");
    }
}

void Browser::set_screen(const Screen& screen) {
    screen_ = screen;
    call("Emulation.setDeviceMetricsOverride", {{"width", screen.width},
                                                {"height", screen.height},
                                                {"deviceScaleFactor", 1},
                                                {"mobile", false}});
    const Json scheme{{"name", "prefers-color-scheme"}, {"value", screen.dark ? "dark" : "light"}};
    call("Emulation.setEmulatedMedia",
         {{"media", screen.print ? "print" : "screen"}, {"features", Json::array({scheme})}});
}

void Browser::open(const std::filesystem::path& page) {
    page_ = file_url(std::filesystem::absolute(page));
    loaded_ = false;
    complaints_.clear();
    requests_.clear();
    const Json answer = call("Page.navigate", {{"url", page_}});
    if (answer.contains("errorText")) {
        throw std::runtime_error(page_ + ": " + answer.at("errorText").get<std::string>());
    }
    deadline_ = Clock::now() + kAnswerLimit;
    while (!loaded_) {
        take_event(next_message());
    }
}

Json Browser::value_of(const std::string& expression) {
    const Json answer =
        call("Runtime.evaluate",
             {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
    if (answer.contains("exceptionDetails")) {
        throw std::runtime_error(answer.at("exceptionDetails").dump());
    }
    return answer.at("result").value("value", Json());
}

void Browser::press(const std::string& key) {
    // What is done by default is done for a key code; a character makes Enter press a button.
    static const std::array<std::pair<std::string_view, int>, 8> kCodes{{{"Tab", 9},
                                                                         {"Enter", 13},
                                                                         {"End", 35},
                                                                         {"Home", 36},
                                                                         {"ArrowLeft", 37},
                                                                         {"ArrowUp", 38},
                                                                         {"ArrowRight", 39},
                                                                         {"ArrowDown", 40}}};
    const auto* found = std::ranges::find(kCodes, key, [](const auto& code) { return code.first; });
    if (found == kCodes.end()) {
        throw std::runtime_error("no key " + key);
    }
    Json event{{"type", key == "Enter" ? "keyDown" : "rawKeyDown"},
               {"key", key},
               {"code", key},
               {"windowsVirtualKeyCode", found->second}};
    if (key == "Enter") {
        event["text"] = "\r";
    }
    call("Input.dispatchKeyEvent", event);
    event["type"] = "keyUp";
    call("Input.dispatchKeyEvent", event);
}

void Browser::drag(double from_x, double from_y, double to_x, double to_y) {
    mouse("mousePressed", from_x, from_y, 1);
    mouse("mouseMoved", to_x, to_y, 1);
    mouse("mouseReleased", to_x, to_y, 0);
}

void Browser::mouse(const char* type, double x, double y, int buttons) {
    call("Input.dispatchMouseEvent", {{"type", type},
                                      {"x", x},
                                      {"y", y},
                                      {"button", "left"},
                                      {"buttons", buttons},
                                      {"clickCount", 1}});
}

void Browser::save_screenshot(const std::filesystem::path& path) {
    // What lies beyond the window may not be drawn: the window is made as high as the page.
    Screen whole = screen_;
    whole.height = value_of("document.documentElement.scrollHeight");
    const Screen before = screen_;
    set_screen(whole);
    value_of("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const Json answer = call("Page.captureScreenshot", {{"format", "png"}});
    set_screen(before);
    const auto content = transport::decode_base64(answer.at("data").get<std::string>());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
}

Json Browser::call(const std::string& method, const Json& parameters) {
    Json message{{"id", ++last_id_}, {"method", method}};
    message["params"] = parameters.is_null() ? Json::object() : parameters;
    if (!session_.empty()) {
        message["sessionId"] = session_;
    }
    const std::string text = message.dump() + '\0';
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t count = ::write(commands_, text.data() + sent, text.size() - sent);
        if (count <= 0) {
            throw std::runtime_error("the browser has ended");
        }
        sent += static_cast<std::size_t>(count);
    }
    deadline_ = Clock::now() + kAnswerLimit;
    for (;;) {
        const Json answer = next_message();
        if (answer.value("id", 0) != last_id_) {
            take_event(answer);
        } else if (answer.contains("error")) {
            throw std::runtime_error(method + ": " + answer.at("error").dump());
        } else {
            return answer.at("result");
        }
    }
}

Json Browser::next_message() {
    for (;;) {
        if (const std::size_t end = received_.find('\0'); end != std::string::npos) {
            const Json message = Json::parse(received_.substr(0, end));
            received_.erase(0, end + 1);
            return message;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
        pollfd source{answers_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&source, 1, static_cast<int>(left.count())) == 0) {
            throw std::runtime_error("the browser does not answer");
        }
        std::array<char, 65'536> bytes{};
        const ssize_t count = ::read(answers_, bytes.data(), bytes.size());
        if (count <= 0) {
            throw std::runtime_error("the browser has ended");
        }
        received_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

void Browser::take_event(const Json& event) {
    const std::string method = event.value("method", "");
    const Json parameters = event.value("params", Json::object());
    if (method == "Page.loadEventFired") {
        loaded_ = true;
    } else if (method == "Log.entryAdded" || method == "Runtime.consoleAPICalled" ||
               method == "Runtime.exceptionThrown") {
        complaints_.push_back(parameters.dump());
    } else if (method == "Network.requestWillBeSent") {
        const std::string url = parameters.at("request").at("url");
        if (url != page_ && !url.starts_with("data:")) {
            requests_.push_back(url);
        }
    }
}

}  // namespace editprep::testing
