import roman
