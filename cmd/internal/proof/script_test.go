package proof

// reportScript prints what a step can read: arguments, variables, a tool, and in the paths of where.txt the
// contents of files, some of their permissions, the texts of links and what they lead to. Programs that
// read no standard input would wait for it if there was nothing to read, hence /dev/null.
const reportScript = `report() {
	printf '<%s>\n' "$@"
	greet
	for name in WANT DATABASE_URL UPDATE_GOLDEN FLAVOUR; do
		eval "printf '%s=<%s>\n' $name \"\${$name-unset}\""
	done
	read -r where <where.txt
	skip='-name .git -o -path ./out -o -path ./current'
	find -L $where \( $skip \) -prune -o -type f -print0 2>/dev/null | LC_ALL=C sort -z |
		xargs -0 grep -aH '' /dev/null
	{
		find -L $where \( $skip \) -prune -o -type f \
			\( ! -perm -100 -o -exec printf 'runs: %s\n' {} + \) \
			\( ! -perm -040 -o -exec printf 'group: %s\n' {} + \) \
			\( ! -perm -200 -o -exec printf 'writes: %s\n' {} + \)
		find $where \( $skip \) -prune -o -type l -exec readlink {} +
	} 2>/dev/null | LC_ALL=C sort
}
`

// stepScript makes outputs of all sorts: a report, files with other permissions, folders that only the user
// may enter or nobody may write in, links to a file and a folder, a file for each page, and one that it makes
// only once. It fails if anything that it reads says "broken", in which way it does not say so itself.
const stepScript = `. ./lib.sh
mkdir -p out/sub out/pages out/private out/empty out/closed
rm -f out/sum.txt out/key out/readonly out/cfg
report "$@" >out/sum.txt
if grep -q 'brok[e]n' out/sum.txt; then exit 1; fi
cp src/pages/*.txt out/pages/ 2>/dev/null || true
echo sub >out/sub/file
echo key >out/key
echo readonly >out/readonly
echo private >out/private/file
echo 'echo tool' >out/tool
chmod 600 out/key
chmod 444 out/readonly
chmod 700 out/private
chmod 555 out/closed
chmod 755 out/tool
ln -sfn sub out/latest
ln -sfn nothing out/dangling
ln -sfn ../../ext out/ext
ln -sfn out/sub current
ln -s sum.txt out/cfg
[ -e out/kept ] || echo default >out/kept
`

// generateScript makes files that stepScript reads.
const generateScript = `mkdir -p gen/pages
ls src/pages >gen/list.txt 2>/dev/null || true
cp src/pages/*.txt gen/pages/ 2>/dev/null || true
`

// checkScript fails if anything that it reads says "broken". It overwrites the file that src/spoil.txt names,
// as no check should.
const checkScript = `. ./lib.sh
said=$(report "$@")
case $said in *brok[e]n*) exit 1 ;; esac
if [ -e src/spoil.txt ]; then
	read -r name <src/spoil.txt
	echo spoiled >"$name"
fi
`

// sourceScript makes a file among its inputs, and one there that it makes only once.
const sourceScript = `cat src/*.txt >src/all.gen
[ -e src/options.gen ] || echo default >src/options.gen
`
