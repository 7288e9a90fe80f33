#include "process.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace editprep::testing {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    [[nodiscard]] int get() const { return number_; }
    void close() {
        if (number_ != -1) {
            ::close(std::exchange(number_, -1));
        }
    }

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor read_end;
    Descriptor write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw_errno("pipe2");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor open_file(const std::filesystem::path& path, int mode) {
    const int number = ::open(path.c_str(), mode | O_CLOEXEC);
    if (number == -1) {
        throw_errno(path.c_str());
    }
    return Descriptor(number);
}

bool is_looked_at(std::string_view variable) {
    for (const std::string_view prefix : {"OPENCLAW_", "MEDIA_GENERATION_", "FAL_", "EDITPREP_"}) {
        if (variable.starts_with(prefix)) {
            return true;
        }
    }
    return false;
}

std::vector<std::string> environment_for(const ProcessOptions& options) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const std::string name(text.substr(0, text.find('=')));
        if (!is_looked_at(name) && options.environment.count(name) == 0) {
            variables.emplace_back(text);
        }
    }
    for (const auto& [name, value] : options.environment) {
        variables.push_back(name + '=' + value);
    }
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

void limit(decltype(RLIMIT_FSIZE) resource, const std::optional<std::uint64_t>& value) {
    if (value) {
        const rlimit both{*value, *value};
        ::setrlimit(resource, &both);
    }
}

/// Everything the child needs, ready before fork(): after it, only system calls are safe.
struct Launch {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    int input = -1;
    int output = -1;
    int error = -1;
    int failure = -1;
};

[[noreturn]] void run_child(const char* program, const Launch& launch,
                            const ProcessOptions& options) {
    ::signal(SIGPIPE, SIG_DFL);
    // A shell without job control starts what runs in the background to ignore it.
    ::signal(SIGINT, SIG_DFL);
    ::dup2(launch.input, STDIN_FILENO);
    ::dup2(launch.error, STDERR_FILENO);
    if (launch.output != -1) {
        ::dup2(launch.output, STDOUT_FILENO);
    } else {
        ::close(STDOUT_FILENO);
    }
    limit(RLIMIT_FSIZE, options.largest_file_bytes);
    limit(RLIMIT_AS, options.memory_bytes);
    if (options.obey_permissions) {
        // What is not in the bounding set is not regained by exec. Fails harmlessly for others than
        // root, who have no such capability to lose.
        ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
        ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
    }
    const bool in_folder = options.folder.empty() || ::chdir(options.folder.c_str()) == 0;
    if (in_folder) {
        ::execve(program, launch.arguments.data(), launch.environment.data());
    }
    const int error = errno;
    [[maybe_unused]] const auto written = ::write(launch.failure, &error, sizeof error);
    ::_exit(127);
}

/// Reads both pipes to their ends, or until the time is up.
bool collect(const Descriptor& out, const Descriptor& err, ProcessResult& result,
             Clock::time_point deadline) {
    std::array<pollfd, 2> sources{pollfd{out.get(), POLLIN, 0}, pollfd{err.get(), POLLIN, 0}};
    const std::array<std::string*, 2> texts{&result.out, &result.err};
    while (sources[0].fd != -1 || sources[1].fd != -1) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            return false;
        }
        ::poll(sources.data(), sources.size(), static_cast<int>(left.count()));
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (sources[i].fd == -1 || sources[i].revents == 0) {
                continue;
            }
            std::array<char, 4096> bytes{};
            const ssize_t count = ::read(sources[i].fd, bytes.data(), bytes.size());
            if (count > 0) {
                texts[i]->append(bytes.data(), static_cast<std::size_t>(count));
            } else if (count == 0 || errno != EINTR) {
                sources[i].fd = -1;
            }
        }
    }
    return true;
}

void wait_for(pid_t child, ProcessResult& result) {
    int status = 0;
    while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {
    }
    if (WIFEXITED(status)) {
        result.exit_code = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
        result.signal = WTERMSIG(status);
    }
}

}  // namespace

ProcessResult run_process(const std::filesystem::path& program, const ProcessOptions& options) {
    std::vector<std::string> arguments{program.string()};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::vector<std::string> environment = environment_for(options);

    const Descriptor input = open_file(options.input.value_or("/dev/null"), O_RDONLY);
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    Pipe failure = make_pipe();
    if (options.output == Output::full_device) {
        out.write_end = open_file("/dev/full", O_WRONLY);
    } else if (options.output == Output::closed) {
        out.write_end.close();
    } else if (options.output == Output::broken_pipe) {
        out.read_end.close();
    }
    const Launch launch{pointers_to(arguments), pointers_to(environment), input.get(),
                        out.write_end.get(),    err.write_end.get(),      failure.write_end.get()};

    const pid_t child = ::fork();
    if (child == -1) {
        throw_errno("fork");
    }
    if (child == 0) {
        run_child(program.c_str(), launch, options);
    }
    out.write_end.close();
    err.write_end.close();
    failure.write_end.close();

    ProcessResult result;
    if (!collect(out.read_end, err.read_end, result, Clock::now() + options.time_limit)) {
        result.timed_out = true;
        ::kill(child, SIGKILL);
    }
    wait_for(child, result);
    int start_error = 0;
    if (::read(failure.read_end.get(), &start_error, sizeof start_error) == sizeof start_error) {
        throw std::system_error(start_error, std::generic_category(), program.string());
    }
    return result;
}

}  // namespace editprep::testing
