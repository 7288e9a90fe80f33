#include "emulator_process.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace editprep::testing {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartLimit{30};
constexpr std::chrono::seconds kEndLimit{10};
constexpr std::chrono::seconds kAnswerLimit{20};

struct Pipe {
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::system_error(errno, std::generic_category(), "pipe2");
        }
    }
    ~Pipe() {
        close_writing();
        ::close(ends[0]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void close_writing() {
        if (ends[1] != -1) {
            ::close(std::exchange(ends[1], -1));
        }
    }

    std::array<int, 2> ends{-1, -1};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (!added.contains(std::string(text.substr(0, text.find('='))))) {
            variables.emplace_back(text);
        }
    }
    for (const auto& [name, value] : added) {
        variables.push_back(name + '=' + value);
    }
    return variables;
}

pid_t spawn(const std::filesystem::path& program, std::vector<std::string> words,
            const std::map<std::string, std::string>& environment, int output) {
    std::vector<std::string> variables = environment_with(environment);
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    pid_t child = -1;
    const int error = ::posix_spawn(&child, program.c_str(), &actions, nullptr,
                                    pointers_to(words).data(), pointers_to(variables).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), program.string());
    }
    return child;
}

/// What is printed until the first line is complete, or the output or the time has ended.
std::string first_line(int descriptor) {
    std::string text;
    const auto deadline = Clock::now() + kStartLimit;
    while (text.find('\n') == std::string::npos && Clock::now() < deadline) {
        pollfd source{descriptor, POLLIN, 0};
        if (::poll(&source, 1, 100) <= 0) {
            continue;
        }
        std::array<char, 4096> bytes{};
        const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
        if (count <= 0) {
            break;
        }
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text.substr(0, text.find('\n'));
}

std::uint16_t port_in(const std::string& line) {
    constexpr std::string_view kStart = "LISTENING http://127.0.0.1:";
    std::uint16_t port = 0;
    if (line.starts_with(kStart)) {
        std::from_chars(line.data() + kStart.size(), line.data() + line.size(), port);
    }
    return port;
}

/// The exit code, -1 after a signal; killed when it does not end in time.
int wait_for(pid_t child) {
    const auto deadline = Clock::now() + kEndLimit;
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (Clock::now() >= deadline) {
            ::kill(child, SIGKILL);
            ::waitpid(child, &status, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return text;
}

std::string require_success(const EmulatorReply& reply, const std::string& what) {
    if (reply.status != 200) {
        throw std::runtime_error(what + ": " + std::to_string(reply.status) + ' ' + reply.body);
    }
    return reply.body;
}

}  // namespace

EmulatorProcess::EmulatorProcess(const std::filesystem::path& program,
                                 const std::vector<std::string>& arguments,
                                 const std::map<std::string, std::string>& environment) {
    std::vector<std::string> words{program.string(), "--port", "0", "--quiet"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    Pipe output;
    pid_ = spawn(program, std::move(words), environment, output.ends[1]);
    output.close_writing();
    const std::string line = first_line(output.ends[0]);
    port_ = port_in(line);
    if (port_ == 0) {
        stop();
        throw std::runtime_error("provider_emulator does not listen; it says '" + line + "'");
    }
}

EmulatorProcess::~EmulatorProcess() { stop(); }

int EmulatorProcess::stop() {
    if (pid_ == -1) {
        return -1;
    }
    ::kill(pid_, SIGTERM);
    return wait_for(std::exchange(pid_, -1));
}

std::string EmulatorProcess::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::map<std::string, std::string> EmulatorProcess::fal_environment() const {
    return {{"EDITPREP_FAL_RUN_URL", url() + "/run"},
            {"EDITPREP_FAL_QUEUE_URL", url() + "/queue"},
            {"EDITPREP_FAL_REST_URL", url() + "/rest"},
            {"EDITPREP_FAL_API_URL", url() + "/api/v1"},
            {"FAL_KEY", "emulator-id:emulator-secret"}};
}

EmulatorReply EmulatorProcess::send(const std::string& method, const std::string& target,
                                    const std::map<std::string, std::string>& headers,
                                    const std::string& body) const {
    httplib::Request request;
    request.method = method;
    request.path = target;
    request.headers.insert(headers.begin(), headers.end());
    request.body = body;
    httplib::Client client("127.0.0.1", port_);
    client.set_read_timeout(kAnswerLimit);
    // The target goes out as it is: it may be signed.
    client.set_url_encode(false);
    const httplib::Result result = client.send(request);
    EmulatorReply reply;
    if (result) {
        reply.status = result->status;
        reply.body = result->body;
        for (const auto& [name, value] : result->headers) {
            reply.headers.emplace(lower(name), value);
        }
    }
    return reply;
}

std::string EmulatorProcess::get(const std::string& path) const {
    return require_success(send("GET", path), path);
}

void EmulatorProcess::add_fault(const std::string& specification) const {
    require_success(send("POST", "/_emulator/faults", {}, specification), specification);
}

void EmulatorProcess::clear_faults() const {
    require_success(send("DELETE", "/_emulator/faults"), "DELETE /_emulator/faults");
}

}  // namespace editprep::testing
