#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "metrics.hpp"

namespace editprep::benchmarks {

/// One picture, one method.
struct Result {
    std::string picture;
    std::string class_name;
    Score score;
    double cpu_seconds = 0;
    double megapixels = 0;
};

/// Results of one method, over all pictures.
struct MethodResults {
    std::string title;
    std::vector<Result> results;
};

/// A row per class: means, and the share that needs no hand work.
void print_classes(std::ostream& out, const MethodResults& method);
/// The worst `count` pictures of each class by IoU (glass: by silhouette).
void print_worst(std::ostream& out, const MethodResults& method, int count);
/// A row per method over all pictures.
void print_summary(std::ostream& out, const std::vector<MethodResults>& methods);
/// IoU per class (glass also by silhouette), a column per method.
void print_comparison(std::ostream& out, const std::vector<MethodResults>& methods);

}  // namespace editprep::benchmarks
