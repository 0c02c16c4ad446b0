constexpr int a=1,b=2; int x; struct T{int p,q; operator int(){return p;}}; template<class... A> int f(A...) {return 1;} template<class... A> int g(A...){return 1;}
int q() {
    if constexpr (a)
        f(1);
        f(2);
    return 0;
}
