package toml

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// value reads the next value. The depth is the number of tables and arrays around it, plus one.
func (p *parser) value(depth int) (any, error) {
	if c := p.peek(); c == '[' || c == '{' {
		if err := p.checkDepth(depth); err != nil {
			return nil, err
		}
	}
	switch c := p.peek(); c {
	case '"', '\'':
		return p.str()
	case '[':
		return p.list(depth)
	case '{':
		return p.inline(depth)
	default:
		return p.scalar()
	}
}

// list reads an array.
func (p *parser) list(depth int) (any, error) {
	p.take("[")
	items := []any{}
	for {
		if err := p.blanks(); err != nil {
			return nil, err
		}
		if p.take("]") {
			return items, nil
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if err := p.blanks(); err != nil {
			return nil, err
		}
		if !p.take(",") && p.peek() != ']' {
			return nil, p.fail("%s stands where \",\" or \"]\" should be in an array", p.next())
		}
	}
}

// inline reads a table in braces: on one line, without a comma behind the last pair. Later lines cannot
// extend it.
func (p *parser) inline(depth int) (any, error) {
	p.take("{")
	t := newTable(depth)
	p.spaces()
	if p.take("}") {
		return t.values, nil
	}
	for {
		if err := p.pair(t); err != nil {
			return nil, err
		}
		p.spaces()
		if p.take("}") {
			return t.values, nil
		}
		if !p.take(",") {
			return nil, p.fail("%s stands where \",\" or \"}\" should be in a table", p.next())
		}
	}
}

// scalar reads a boolean, a number, a date or a time.
func (p *parser) scalar() (any, error) {
	word := p.word()
	switch word {
	case "":
		return nil, p.fail("%s stands where a value should be", p.next())
	case "true", "false":
		return word == "true", nil
	case "inf", "+inf":
		return math.Inf(1), nil
	case "-inf":
		return math.Inf(-1), nil
	case "nan", "+nan", "-nan":
		return math.NaN(), nil
	}
	if isDate(word) {
		return word, nil
	}
	v, err := number(word)
	if errors.Is(err, strconv.ErrRange) {
		return nil, p.fail("the number %s is too large", word)
	}
	if err != nil {
		return nil, p.fail("%q is not a value; a string needs quotes", word)
	}
	return v, nil
}

// word reads the characters that a scalar may have. A date and its time may be separated by one space.
func (p *parser) word() string {
	start := p.pos
	for isWordByte(p.peek()) {
		p.pos++
	}
	rest := p.text[p.pos:]
	if hasShape(p.text[start:p.pos], "dddd-dd-dd") && len(rest) > 3 && rest[0] == ' ' &&
		hasShape(rest[1:4], "dd:") {
		for p.pos++; isWordByte(p.peek()); {
			p.pos++
		}
	}
	return p.text[start:p.pos]
}

func isWordByte(c byte) bool { return isBareKey(c) || c == '+' || c == '.' || c == ':' }

// number parses an integer, in four bases, or a float.
func number(s string) (any, error) {
	for prefix, base := range map[string]int{"0x": 16, "0o": 8, "0b": 2} {
		if digits, ok := strings.CutPrefix(s, prefix); ok {
			return integer(digits, base)
		}
	}
	body := strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-")
	if len(s)-len(body) > 1 || body == "" || len(body) > 1 && body[0] == '0' &&
		(isDigit(body[1]) || body[1] == '_') {
		return nil, strconv.ErrSyntax
	}
	if strings.Trim(body, "0123456789_") == "" {
		return integer(s, 10)
	}
	return float(s)
}

func integer(s string, base int) (any, error) {
	if !validUnderscores(s) || base != 10 && strings.ContainsAny(s, "+-") {
		return nil, strconv.ErrSyntax
	}
	return strconv.ParseInt(strings.ReplaceAll(s, "_", ""), base, 64)
}

// float parses a float more strictly than strconv: digits on both sides of the point, no hexadecimal, no
// names.
func float(s string) (any, error) {
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	ok := areDigits(trimSign(whole)) && (!hasPoint || areDigits(fraction)) &&
		(!hasExponent || areDigits(trimSign(exponent)))
	if !ok {
		return nil, strconv.ErrSyntax
	}
	return strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
}

func trimSign(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func areDigits(s string) bool {
	return strings.Trim(s, "0123456789_") == "" && validUnderscores(s)
}

// validUnderscores reports whether s has a digit, and each underscore is between two digits.
func validUnderscores(s string) bool {
	s = trimSign(s)
	return s != "" && s[0] != '_' && s[len(s)-1] != '_' && !strings.Contains(s, "__")
}
