/// Runs command lines in turn, each as a whole process, and prints medians and ratios.
///
///     command_timer ROUNDS < lines
///
/// A line is a label, the exit status that the command should have, and its words, all parted by
/// tabs. The first line is the floor. Every round runs each line once, the first few rounds are not
/// counted, and a ratio is the median of the rounds' ratios, so that a machine that slows down for
/// some rounds moves none. What the commands print is thrown away.
///
/// Out comes a line for each but the floor, parted by tabs: label, wall time in ms, ratio of the
/// wall times, ratio of the processor times, and the largest peak of memory in MiB.
///
/// A process's peak starts with that of the process which it was made by, until it becomes another
/// program. So this one is small, and linked statically.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

constexpr int kWarmUpRounds = 2;

struct Run {
    double wall_ms = 0;
    double processor_ms = 0;
    double peak_mib = 0;
};

struct Command {
    std::string label;
    int exit_status = 0;
    std::vector<std::string> words;
    std::vector<Run> runs;
};

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream rest(line);
    for (std::string field; std::getline(rest, field, '\t');) {
        fields.push_back(field);
    }
    return fields;
}

std::vector<Command> read_commands() {
    std::vector<Command> commands;
    for (std::string line; std::getline(std::cin, line);) {
        const std::vector<std::string> fields = split(line);
        if (fields.size() < 3) {
            throw std::runtime_error("not a label, a status and a command: " + line);
        }
        commands.push_back(
            {fields[0], std::stoi(fields[1]), {fields.begin() + 2, fields.end()}, {}});
    }
    return commands;
}

/// The null device as all three streams.
class NoStreams {
public:
    NoStreams() {
        posix_spawn_file_actions_init(&actions_);
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
            posix_spawn_file_actions_addopen(&actions_, stream, "/dev/null", O_RDWR, 0);
        }
    }
    ~NoStreams() { posix_spawn_file_actions_destroy(&actions_); }
    NoStreams(const NoStreams&) = delete;
    NoStreams& operator=(const NoStreams&) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_;
};

pid_t start(const Command& command) {
    static const NoStreams streams;
    std::vector<char*> words;
    for (const std::string& word : command.words) {
        words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    pid_t process = 0;
    const int error =
        posix_spawnp(&process, words[0], streams.get(), nullptr, words.data(), environ);
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), command.words[0]);
    }
    return process;
}

double milliseconds(const timeval& time) {
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
}

Run run(const Command& command) {
    const auto begin = std::chrono::steady_clock::now();
    const pid_t process = start(command);
    int status = 0;
    rusage usage{};
    while (wait4(process, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != command.exit_status) {
        throw std::runtime_error(command.label + ": ended otherwise than with exit status " +
                                 std::to_string(command.exit_status));
    }
    // Linux counts ru_maxrss in KiB.
    return {wall.count(), milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
            static_cast<double>(usage.ru_maxrss) / 1024};
}

void run_rounds(std::vector<Command>& commands, int rounds) {
    for (int round = -kWarmUpRounds; round < rounds; ++round) {
        for (Command& command : commands) {
            const Run result = run(command);
            if (round >= 0) {
                command.runs.push_back(result);
            }
        }
    }
}

/// The upper one of an even number's two.
double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

std::vector<double> values_of(const std::vector<Run>& runs, double Run::*member) {
    std::vector<double> values;
    std::ranges::transform(runs, std::back_inserter(values), member);
    return values;
}

double median_ratio(const std::vector<Run>& runs, const std::vector<Run>& floor,
                    double Run::*member) {
    std::vector<double> ratios;
    std::ranges::transform(runs, floor, std::back_inserter(ratios), std::divides<>(), member,
                           member);
    return median(ratios);
}

void print(const Command& command, const Command& floor) {
    std::printf("%s\t%.2f\t%.2f\t%.2f\t%.1f\n", command.label.c_str(),
                median(values_of(command.runs, &Run::wall_ms)),
                median_ratio(command.runs, floor.runs, &Run::wall_ms),
                median_ratio(command.runs, floor.runs, &Run::processor_ms),
                std::ranges::max(values_of(command.runs, &Run::peak_mib)));
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc == 2 ? std::atoi(argv[1]) : 0;
    if (rounds < 1) {
        std::fputs("usage: command_timer ROUNDS < lines\n", stderr);
        return 2;
    }
    try {
        std::vector<Command> commands = read_commands();
        run_rounds(commands, rounds);
        for (std::size_t i = 1; i < commands.size(); ++i) {
            print(commands[i], commands[0]);
        }
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "command_timer: %s\n", error.what());
        return 1;
    }
}
