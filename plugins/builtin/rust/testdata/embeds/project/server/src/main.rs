static PAGE: &str = include_str!("../../web/dist/page.txt");
static ICON: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/icon.png"));
static ALL: Dir = include_dir!("$CARGO_MANIFEST_DIR/../web/public");
static OUT: &str = include_str!(concat!(env!("OUT_DIR"), "/x"));
static FAR: &str = include_str!("../../../far.txt");

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

fn main() {}
