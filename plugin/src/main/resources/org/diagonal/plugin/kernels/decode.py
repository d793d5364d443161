
  # GPT-2 on n further positions of one text of which p are remembered. The memory, P positions long, is
  # changed in place: keys and values (H, P, d), history (P, D) or empty.

  # One layer as gpt2_block without dropout, (1, n, D) to (1, n, D). History holds x = ln_1(h), which both
  # scalings need of every position: a for its product with the new x, b for the sum over all of them.
  def continue_block(self, h: Tensor, weights: List[Tensor], a: Tensor, b: Tensor, form: int,
                     activation: int, eps: float, scale: float, keys: Tensor, values: Tensor,
                     history: Tensor, p: int) -> Tensor:
    n = h.size(1)
    D = h.size(2)
    H = keys.size(0)
    end = p + n
    x = torch.layer_norm(h, [D], weights[0], weights[1], eps)
    qkv = torch.view(self.project_row(x, weights[2], weights[3]), [n, 3, H, D // H])
    q = torch.transpose(torch.select(qkv, 1, 0), 0, 1)
    k = torch.copy_(torch.slice(keys, 1, p, end), torch.transpose(torch.select(qkv, 1, 1), 0, 1))
    v = torch.copy_(torch.slice(values, 1, p, end), torch.transpose(torch.select(qkv, 1, 2), 0, 1))
    rows = torch.view(x, [n, D])
    if torch.numel(history) > 0:
      known = torch.copy_(torch.slice(history, 0, p, end), rows)
      xs = torch.slice(history, 0, 0, end)
    else:
      xs = rows
    # -inf where a key lies after its query; row r is position p + r
    future = torch.triu(torch.full([n, end], float("-inf"), dtype=h.dtype, device=h.device), p + 1)
    scores = torch.baddbmm(future, q, torch.transpose(torch.slice(keys, 1, 0, end), 1, 2), alpha=scale)
    if torch.numel(a) > 0:
      gram = torch.mm(rows, torch.t(xs))
      gram0 = torch.squeeze(self.incidence(torch.unsqueeze(gram, 0), form, p), 0)
      scores0 = scores + torch.view(a, [H, 1, 1]) * gram0
    else:
      scores0 = scores
    attention = torch.softmax(scores0, -1)
    heads = torch.bmm(attention, torch.slice(values, 1, 0, end))
    merged = torch.reshape(torch.transpose(heads, 0, 1), [1, n, D])
    projected = self.project_row(merged, weights[4], weights[5])
    if torch.numel(b) > 0:
      mixed = torch.mm(torch.view(b, [1, H]), torch.view(attention, [H, n * end]))
      attended = projected + torch.view(torch.mm(torch.view(mixed, [n, end]), xs), [1, n, D])
    else:
      attended = projected
    h1 = h + attended
    u = torch.layer_norm(h1, [D], weights[6], weights[7], eps)
    inner = self.activate(self.project_row(u, weights[8], weights[9]), activation)
    return h1 + self.project_row(inner, weights[10], weights[11])

  # x (1, n, in) times matrix (in, out), plus bias (out).
  def project_row(self, x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
    return torch.unsqueeze(torch.addmm(bias, torch.squeeze(x, 0), matrix), 0)

  # input_ids (1, n) to the logits of the last, (1, V). Of each layer: weights holds the twelve tensors of
  # gpt2_block, circuits a, b (each times its multiplier) and the scale of q k^T, memory what is remembered.
  def gpt2_continue(self, input_ids: Tensor, wte: Tensor, wpe: Tensor, ln_f_weight: Tensor, ln_f_bias: Tensor,
                    lm_head: Tensor, incidence_form: Tensor, activation: Tensor, epsilon: Tensor, past: Tensor,
                    weights: List[Tensor], circuits: List[Tensor], memory: List[Tensor]) -> Tensor:
    form = int(incidence_form)
    function = int(activation)
    eps = float(epsilon)
    p = int(past)
    h = torch.embedding(wte, input_ids) + torch.slice(wpe, 0, p, p + input_ids.size(1))
    for i in range(len(memory) // 3):
      w = 12 * i
      c = 3 * i
      h = self.continue_block(
          h, torch.slice(weights, w, w + 12), circuits[c], circuits[c + 1], form, function, eps,
          float(circuits[c + 2]), memory[c], memory[c + 1], memory[c + 2], p)
    return self.gpt2_last(h, ln_f_weight, ln_f_bias, lm_head, epsilon)
