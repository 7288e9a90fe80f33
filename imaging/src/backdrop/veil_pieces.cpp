#include "backdrop/veil_pieces.hpp"

#include <algorithm>
#include <utility>

#include "backdrop/cell_filters.hpp"
#include "backdrop/opponent.hpp"

namespace editprep::imaging {
namespace {

/// By cell: the number of its piece, counted from 0, or one of these.
using Pieces = Grid<int>;
constexpr int kElsewhere = -1;
constexpr int kOpen = -2;
/// Of too small a plateau to be a piece.
constexpr int kSmall = -3;

float squared_step(const Planes& difference, std::size_t i, std::size_t j) {
    float sum = 0;
    for (const Plane& plane : difference) {
        sum += squared(plane[i] - plane[j]);
    }
    return sum;
}

/// How many of the cells of a piece lie among others of it. Strips have none, such as those of
/// equal colour where the rim of a glass falls off steeply.
std::ptrdiff_t surrounded_cells(const Body& piece, const Pieces& pieces) {
    return std::count_if(piece.begin(), piece.end(), [&](std::size_t i) {
        bool among_others = true;
        pieces.for_each_neighbour(i,
                                  [&](std::size_t j) { among_others &= pieces[j] == pieces[i]; });
        return among_others;
    });
}

/// Numbers what goes over into each other deep enough inside the body, and returns its cells.
Body number_plateaus(const Body& body, const Planes& difference, const Plane& depth,
                     Pieces& pieces) {
    constexpr float kDeep = 5;
    constexpr float kAbrupt = 4;
    constexpr std::ptrdiff_t kFewCells = 12;
    Body numbered;
    Body plateau;
    int next = 0;
    for (const std::size_t start : body) {
        if (pieces[start] != kOpen || depth[start] < kDeep) {
            continue;
        }
        plateau.assign(1, start);
        pieces[start] = next;
        pieces.flood(plateau, [&](std::size_t i, std::size_t j) {
            const bool joins = pieces[j] == kOpen && depth[j] >= kDeep &&
                               squared_step(difference, i, j) < squared(kAbrupt);
            pieces[j] = joins ? next : pieces[j];
            return joins;
        });
        if (surrounded_cells(plateau, pieces) >= kFewCells) {
            ++next;
            numbered.insert(numbered.end(), plateau.begin(), plateau.end());
        } else {
            for (const std::size_t i : plateau) {
                pieces[i] = kSmall;
            }
        }
    }
    return numbered;
}

/// The cells that have no number yet get the nearest one.
void number_rest(Body numbered, Pieces& pieces) {
    pieces.flood(numbered, [&](std::size_t i, std::size_t j) {
        const bool joins = pieces[j] == kOpen || pieces[j] == kSmall;
        pieces[j] = joins ? pieces[i] : pieces[j];
        return joins;
    });
}

}  // namespace

Grid<std::uint8_t> outside_of(const Plane& object_share) {
    constexpr float kObject = 0.5F;
    const Size size = object_share.size();
    Grid<std::uint8_t> outside(size);
    Body front;
    const auto is_new = [&](std::size_t i) {
        const bool joins = outside[i] == 0 && object_share[i] < kObject;
        outside[i] = joins ? 1 : outside[i];
        return joins;
    };
    const auto begin_at = [&](int x, int y) {
        if (is_new(outside.index(x, y))) {
            front.push_back(outside.index(x, y));
        }
    };
    for (int x = 0; x < size.width; ++x) {
        begin_at(x, 0);
        begin_at(x, size.height - 1);
    }
    for (int y = 0; y < size.height; ++y) {
        begin_at(0, y);
        begin_at(size.width - 1, y);
    }
    outside.flood(front, [&](std::size_t, std::size_t j) { return is_new(j); });
    return outside;
}

std::vector<Body> bodies_in(const Grid<std::uint8_t>& outside) {
    constexpr std::size_t kFewCells = 400;
    std::vector<Body> bodies;
    Grid<std::uint8_t> seen = outside;
    for (std::size_t start = 0; start < seen.count(); ++start) {
        if (seen[start] != 0) {
            continue;
        }
        Body body{start};
        seen[start] = 1;
        seen.flood(body,
                   [&](std::size_t, std::size_t j) { return std::exchange(seen[j], 1) == 0; });
        if (body.size() >= kFewCells) {
            bodies.push_back(std::move(body));
        }
    }
    return bodies;
}

std::vector<Piece> pieces_of(const Body& body, const Planes& difference, const Plane& depth) {
    Pieces pieces(depth.size(), kElsewhere);
    for (const std::size_t i : body) {
        pieces[i] = kOpen;
    }
    Body numbered = number_plateaus(body, difference, depth, pieces);
    if (numbered.empty()) {
        return {};
    }
    std::vector<Piece> result(static_cast<std::size_t>(pieces[numbered.back()]) + 1);
    for (const std::size_t i : numbered) {
        result[static_cast<std::size_t>(pieces[i])].plateau.push_back(i);
    }
    number_rest(std::move(numbered), pieces);
    for (const std::size_t i : body) {
        result[static_cast<std::size_t>(pieces[i])].cells.push_back(i);
    }
    return result;
}

bool is_mostly_open(const Body& cells, const Plane& depth) {
    constexpr float kOutside = 2;
    constexpr double kLeastOpen = 0.57;
    constexpr std::uint8_t kOfPiece = 1;
    constexpr std::uint8_t kAround = 2;
    Grid<std::uint8_t> place(depth.size());
    for (const std::size_t i : cells) {
        place[i] = kOfPiece;
    }
    // What the piece encloses, contents or a label, has no part in its outline.
    Body around;
    for (std::size_t i = 0; i < depth.count(); ++i) {
        if (depth[i] == 0) {
            place[i] = kAround;
            around.push_back(i);
        }
    }
    place.flood(around, [&](std::size_t, std::size_t j) {
        const bool joins = place[j] == 0;
        place[j] = joins ? kAround : place[j];
        return joins;
    });
    double open = 0;
    double all = 0;
    for (const std::size_t i : cells) {
        bool is_outline = false;
        place.for_each_neighbour(i, [&](std::size_t j) { is_outline |= place[j] == kAround; });
        all += is_outline ? 1 : 0;
        open += is_outline && depth[i] < kOutside ? 1 : 0;
    }
    return open >= kLeastOpen * all;
}

Grid<std::uint8_t> seams_between(const std::vector<Piece>& pieces, Size size) {
    constexpr int kBeside = 1;
    Grid<int> number(size, kElsewhere);
    for (std::size_t k = 0; k < pieces.size(); ++k) {
        for (const std::size_t i : pieces[k].cells) {
            number[i] = static_cast<int>(k);
        }
    }
    Grid<std::uint8_t> seams(size);
    for (const Piece& piece : pieces) {
        for (const std::size_t i : piece.cells) {
            number.for_each_neighbour(i, [&](std::size_t j) {
                if (number[j] != kElsewhere && number[j] != number[i]) {
                    seams[i] = 1;
                }
            });
        }
    }
    return united_within(seams, kBeside);
}

}  // namespace editprep::imaging
