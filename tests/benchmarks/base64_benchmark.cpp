/// Base64, against a memcpy of the same content and against OpenSSL's encoder.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <cstring>
#include <string>
#include <vector>

#include "editprep/transport/base64.hpp"
#include "ratio_reporter.hpp"

namespace editprep::benchmarks {
namespace {

using benchmark::State;
using transport::Base64Reading;

std::vector<std::byte> content_of(std::size_t size) {
    std::vector<std::byte> content(size);
    std::uint32_t state = 1;
    for (std::byte& value : content) {
        state = state * 1'664'525 + 1'013'904'223;
        value = static_cast<std::byte>(state >> 24);
    }
    return content;
}

/// The work gets the content and room for its text.
template <class Work>
void repeat(State& state, std::size_t size, Work work) {
    const std::vector<std::byte> content = content_of(size);
    std::string text(transport::base64_size(size) + 1, '\0');
    for (auto _ : state) {
        work(content, text.data());
        benchmark::ClobberMemory();
    }
}

void register_encoders(const std::string& group, std::size_t size) {
    benchmark::RegisterBenchmark((group + "/memcpy").c_str(), [size](State& state) {
        repeat(state, size, [](const auto& content, char* text) {
            std::memcpy(text, content.data(), content.size());
        });
    });
    benchmark::RegisterBenchmark((group + "/editprep").c_str(), [size](State& state) {
        repeat(state, size,
               [](const auto& content, char* text) { transport::encode_base64(content, text); });
    });
    benchmark::RegisterBenchmark((group + "/OpenSSL").c_str(), [size](State& state) {
        repeat(state, size, [](const auto& content, char* text) {
            EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text),
                            reinterpret_cast<const unsigned char*>(content.data()),
                            static_cast<int>(content.size()));
        });
    });
}

void decode(State& state, std::size_t size, Base64Reading reading) {
    const std::string text = transport::encode_base64(content_of(size));
    for (auto _ : state) {
        benchmark::DoNotOptimize(transport::decode_base64(text, reading));
    }
}

void register_decoders(const std::string& group, std::size_t size) {
    benchmark::RegisterBenchmark((group + "/memcpy into fresh memory").c_str(),
                                 [size](State& state) {
                                     const std::vector<std::byte> content = content_of(size);
                                     for (auto _ : state) {
                                         benchmark::DoNotOptimize(std::vector(content));
                                     }
                                 });
    benchmark::RegisterBenchmark((group + "/editprep strict").c_str(), [size](State& state) {
        decode(state, size, Base64Reading::strict);
    });
    benchmark::RegisterBenchmark((group + "/editprep tolerant").c_str(), [size](State& state) {
        decode(state, size, Base64Reading::tolerant);
    });
}

}  // namespace
}  // namespace editprep::benchmarks

int main(int argc, char** argv) {
    using namespace editprep::benchmarks;
    benchmark::Initialize(&argc, argv);
    register_encoders("encode 1 MB", 1'000'000);
    register_encoders("encode 200 MB", 200'000'000);
    register_decoders("decode 1 MB", 1'000'000);
    register_decoders("decode 200 MB", 200'000'000);
    RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}
