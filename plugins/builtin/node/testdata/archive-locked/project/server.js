require("mast");
