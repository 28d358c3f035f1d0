module api {}
