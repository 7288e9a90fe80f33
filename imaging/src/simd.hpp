#pragma once

/// Put before the definition of a function whose loops vectorise: the compiler makes one version
/// per instruction set and the loader picks one when the program starts. Plain C++ stays the only
/// source, so there is nothing to keep in step. The function itself must read the memory: g++ 12
/// does not vectorise what an inlined one reads. Sanitizers cannot instrument the choosing
/// function, and other compilers or processors take the plain version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EDITPREP_SIMD_CLONES \
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EDITPREP_SIMD_CLONES
#endif
