package cli

import "testing"

func TestEachCommandCanRun(t *testing.T) {
	model, err := Model()
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range model.Leaves(false) {
		switch node.Target.Addr().Interface().(type) {
		case command, simpleCommand:
		default:
			t.Errorf("%s has no method Run that davit calls", node.Name)
		}
	}
}

func TestEachValueThatMustBeOneOfAListIsText(t *testing.T) {
	model, err := Model()
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range append(model.Leaves(false), model.Node) {
		for _, value := range node.Values() {
			if value.Enum != "" && value.Target.Kind().String() != "string" {
				t.Errorf("%s: wrongValue does not compare %s with its list", node.Name, value.Name)
			}
		}
		for _, f := range node.Flags {
			if f.Required || len(f.And) > 0 || len(f.Envs) > 0 {
				t.Errorf("%s: read does not know what --%s asks for", node.Name, f.Name)
			}
		}
	}
}
