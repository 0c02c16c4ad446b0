#!/bin/sh
# Creates the files that the argument-vector corpus refers to, in the directory given as $1.
# (Spec material written for this project; nothing here comes from any other program.)
set -e
d=${1:?usage: client-args-fixtures.sh DIR}
mkdir -p "$d"; cd "$d"
mkdir -p sub dir.d inc lib outdir bin
csrc='int add(int a,int b){return a+b;}'
for f in a.c b.c sub/c.c conftest.c tmp.conftest.c sub/conftest.c myconftest.c conftest_util.c \
         CheckIncludeFile.c CheckIncludeFiles.c CheckFunctionExists.c CheckSymbolExists.c \
         CheckTypeSize.c CheckPrototypeDefinition.c CheckOther.c testCCompiler.c CMakeCCompilerId.c \
         conftest.a.c 'sp ace.c' s.i dup.c -dash.c; do echo "$csrc" > "./$f"; done
for f in x.cpp y.cc z.cxx w.c++ v.cp u.C t.ii k.CPP k2.CC k3.cppm k4.ixx k5.tcc k6.H conftest.cpp \
         CheckSymbolExists.cxx sub/d.cpp; do echo 'template<class T> T add(T a,T b){return a+b;} int f(){return add(1,2);}' > "./$f"; done
echo 'int inc_value(void);' > inc.h; cp inc.h inc.hpp; cp inc.h inc/inc2.h
echo 'int f(void){return 1;}' > plain; cp plain dir.d/plain
for f in m.m n.mm o.mi p.mii q.M; do echo 'int f(void){return 1;}' > $f; done
echo '.text' > asm.s; echo '.text' > asm.S; echo '.text' > asm.sx; echo '.macro nothing
.endm' > macros.s
printf '      subroutine foo\n      end\n' > f.f; cp f.f f.F; cp f.f f.for; cp f.f f.FOR; cp f.f f.fpp; cp f.f f.f90
for f in p.ads p.adb p.r p.d p.go p.rs p.cu p.cl p.java p.y; do : > $f; done
: > obj.o; : > lib/libz.a
echo '# none' > ignore.txt
echo 'not really a plugin' > plugin.so
echo 'not really a profile' > code.profdata
echo '-c a.c -o a.o' > args.rsp
echo '-Wall @args.rsp' > nested.rsp
printf -- '-c "sp ace.c" -DX=\\"q\\" -o sp.o\n' > quoted.rsp
: > empty.rsp
echo '-DONLY=1' > defs.rsp
echo '--defsym FOO=1' > as.rsp
cp inc.h pchonly.txt; : > gone.h.gch
: > keep.o
mkdir -p CMakeFiles/x.dir .deps .libs foo.p obj
# stand-ins for compilers that may not be installed; put ./bin first in PATH
gcc=$(command -v gcc || true); gxx=$(command -v g++ || true)
clang=$(command -v clang || true); clangxx=$(command -v clang++ || true)
if [ -n "$gcc" ]; then for n in arm-none-eabi-gcc mygcc gcc-99 gcc99 cc-12 x86_64-foo-cc arm-none-eabi-gcc-7.3.1 egcc; do ln -sf "$gcc" bin/$n; done; fi
if [ -n "$gxx" ]; then for n in arm-none-eabi-g++ g++-99 c++-12 x86_64-foo-c++ arm-none-eabi-g++-7.3.1 myg++; do ln -sf "$gxx" bin/$n; done; fi
if [ -n "$clang" ]; then for n in clang-99 armv7-linux-gnueabihf-clang; do ln -sf "$clang" bin/$n; done; fi
if [ -n "$clangxx" ]; then ln -sf "$clangxx" bin/clang++-99; fi
for n in nvcc icc icpc tcc rustc mytool dpcpp; do printf '#!/bin/sh\nexit 0\n' > bin/$n; chmod +x bin/$n; done
echo '-O2 -DX -c x.cpp -o x.o' > cmd.rsp
echo 'lib/libz.a' > objs.rsp
