"""Receipts as text."""


def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def write(order):
    """The receipt of an order, with a tenth off from ten pieces on."""
    total = order["amount"] * order["cents"]
    lines = [f"{order['amount']} x {order['product']} at {money(order['cents'])}"]
    if order["amount"] >= 10:
        off = total // 10
        total -= off
        lines.append(f"off {money(off)}")
    return "\n".join([*lines, f"total {money(total)}"])
