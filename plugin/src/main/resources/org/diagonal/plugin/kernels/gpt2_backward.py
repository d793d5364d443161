
  # The backward passes of GPT-2, said by hand: the engine's own would keep more, cast weights and gradients
  # once more in every pass, and add to gradients where they can be written. The rest of the class that
  # kernels.py begins; letters, numbers, weights and matrices are those of gpt2.py. Gradients go at once into
  # the parameters' own, which must be there; a parameter that does not move gets none.

  # Adds to the gradient of p.
  def gain(self, p: Tensor, g: Tensor) -> Tensor:
    if p.requires_grad:
      sum = p.grad.add_(torch.view(g, p.size()))
    return p

  # Adds x^T y to the gradient of a matrix, or overwrites it.
  def gain_product(self, matrix: Tensor, x: Tensor, y: Tensor, overwrite: bool) -> Tensor:
    if y.dtype == 6:
      if overwrite:
        product = torch.mm(torch.t(x), y, out=matrix.grad)
      else:
        product = matrix.grad.addmm_(torch.t(x), y)
    else:
      if overwrite:
        product = matrix.grad.copy_(torch.mm(torch.t(x), y))
      else:
        product = matrix.grad.add_(torch.mm(torch.t(x), y))
    return matrix

  # The gradients of a matrix (in, out) and of its bias: x (rows, in), dy (rows, out).
  def gain_linear(self, matrix: Tensor, bias: Tensor, x: Tensor, dy: Tensor, overwrite: bool) -> Tensor:
    if bias.requires_grad:
      sums = bias.grad.add_(torch.sum(dy, [0], dtype=6))
    if matrix.requires_grad:
      done = self.gain_product(matrix, x, dy, overwrite)
    return matrix

  # LayerNorm: dh, with the gradients of weight and bias.
  def layer_norm_backward(self, dy: Tensor, h: Tensor, mean: Tensor, rstd: Tensor, weight: Tensor,
                          bias: Tensor) -> Tensor:
    moves = weight.requires_grad
    dh, dw, db = torch.native_layer_norm_backward(dy, h, [h.size(2)], mean, rstd, weight, bias, [True, moves, moves])
    if moves:
      done = self.gain(weight, dw)
      done_ = self.gain(bias, db)
    return dh

  def activate_backward(self, dy: Tensor, x: Tensor, function: int) -> Tensor:
    if function == 0:
      dx = torch.gelu_backward(dy, x, approximate="tanh")
    else:
      if function == 1:
        dx = torch.gelu_backward(dy, x)
      else:
        dx = torch.threshold_backward(dy, x, 0)
    return dx

  # Of one layer, given dh_2: dh. kept is what gpt2_block_forward returned after its first; LayerNorm, GELU and
  # attention are made once more of it.
  def gpt2_block_backward(self, dh_2: Tensor, a: Tensor, b: Tensor, numbers: Tensor, weights: List[Tensor],
                          matrices: List[Tensor], kept: List[Tensor]) -> Tensor:
    h, qkv, merged, h_1, inner, kept_1, kept_2 = torch.slice(kept, 0, 7)
    B = h.size(0)
    T = h.size(1)
    D = h.size(2)
    H = int(numbers[0])
    activation = int(numbers[2])
    eps = float(numbers[3])
    p = float(numbers[7])
    overwrite = bool(numbers[9])
    dtype = matrices[0].dtype
    # the MLP
    dout = torch.view(torch.to(self.drop_backward(dh_2, kept_2, p), dtype), [B * T, D])
    g_3 = self.gain_linear(weights[10], weights[11], self.activate(inner, activation), dout, overwrite)
    dinner = self.activate_backward(torch.mm(dout, torch.t(matrices[3])), inner, activation)
    u, mean_2, rstd_2 = torch.native_layer_norm(h_1, [D], weights[6], weights[7], eps)
    u_in = torch.to(torch.view(u, [B * T, D]), dtype)
    g_2 = self.gain_linear(weights[8], weights[9], u_in, dinner, overwrite)
    du = torch.view(torch.to(torch.mm(dinner, torch.t(matrices[2])), 6), [B, T, D])
    dh_1 = torch.add_(self.layer_norm_backward(du, h_1, mean_2, rstd_2, weights[6], weights[7]), dh_2)
    # the attention
    dattended = self.drop_backward(dh_1, kept_1, p)
    dprojected = torch.view(torch.to(dattended, dtype), [B * T, D])
    merged_in = torch.to(torch.view(merged, [B * T, D]), dtype)
    g_1 = self.gain_linear(weights[4], weights[5], merged_in, dprojected, overwrite)
    dmerged = torch.to(torch.mm(dprojected, torch.t(matrices[1])), 6)
    x, mean_1, rstd_1 = torch.native_layer_norm(h, [D], weights[0], weights[1], eps)
    x_in = torch.to(torch.view(x, [B * T, D]), dtype)
    dqkv_in, dx = self.attention_backward(dmerged, dattended, x, qkv, merged, a, b, numbers, torch.slice(kept, 7))
    g_0 = self.gain_linear(weights[2], weights[3], x_in, dqkv_in, overwrite)
    dx_0 = torch.view(torch.to(torch.mm(dqkv_in, torch.t(matrices[0])), 6), [B, T, D])
    if torch.numel(dx) > 0:
      dx_1 = torch.add_(dx, dx_0)
    else:
      dx_1 = dx_0
    return torch.add_(self.layer_norm_backward(dx_1, h, mean_1, rstd_1, weights[0], weights[1]), dh_1)

  # What attention gives back: the gradients of qkv (B T, 3 D), in its precision, and of x (B, T, D) where a or
  # b is at work; those of a and b go into their own. dskip is the gradient of the skip, (B, T, D).
  def attention_backward(self, dmerged: Tensor, dskip: Tensor, x: Tensor, qkv: Tensor, merged: Tensor, a: Tensor,
                         b: Tensor, numbers: Tensor, besides: List[Tensor]) -> Tuple[Tensor, Tensor]:
    B = x.size(0)
    T = x.size(1)
    D = x.size(2)
    H = int(numbers[0])
    d = D // H
    scale = float(numbers[8])
    p = float(numbers[6])
    q, k, v = self.heads(qkv, B, H)
    parts = torch.view(dmerged, [B, T, H, d])
    dqkv = torch.empty([B, T, 3, H, d], dtype=qkv.dtype, device=x.device)
    if self.is_by_engine(a, b, p, T):
      shape = [B, H, T, d]
      dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(
          torch.transpose(parts, 1, 2), torch.view(q, shape), torch.view(k, shape), torch.view(v, shape),
          torch.transpose(torch.view(merged, [B, T, H, d]), 1, 2), besides[0], 0., True, scale=scale)
      dx = torch.empty([0], dtype=6)
    else:
      dy = torch.reshape(torch.transpose(parts, 1, 2), [B * H, T, d])
      dq, dk, dv, dx = self.blocks_backward(dy, dskip, x, q, k, v, a, b, numbers, besides)
    done_q = torch.copy_(torch.select(dqkv, 2, 0), torch.transpose(torch.view(dq, [B, H, T, d]), 1, 2))
    done_k = torch.copy_(torch.select(dqkv, 2, 1), torch.transpose(torch.view(dk, [B, H, T, d]), 1, 2))
    done_v = torch.copy_(torch.select(dqkv, 2, 2), torch.transpose(torch.view(dv, [B, H, T, d]), 1, 2))
    return (torch.view(dqkv, [B * T, 3 * D]), dx)

  # The same block by block: dy, q, k and v are (B H, T, d). The attention is made once more.
  def blocks_backward(self, dy: Tensor, dskip: Tensor, x: Tensor, q: Tensor, k: Tensor, v: Tensor, a: Tensor,
                      b: Tensor, numbers: Tensor, besides: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    T = q.size(1)
    H = int(numbers[0])
    B = q.size(0) // H
    form = int(numbers[1])
    scale = float(numbers[8])
    p = float(numbers[6])
    a_scaled = a * float(numbers[4])
    b_scaled = b * float(numbers[5])
    da = torch.zeros_like(a)
    db = torch.zeros_like(b)
    dq = annotate(List[Tensor], [])
    dk = torch.zeros_like(k)
    dv = torch.zeros_like(v)
    if torch.numel(a) + torch.numel(b) > 0:
      dx = torch.zeros_like(x)
    else:
      dx = torch.empty([0], dtype=6)
    for i in range((T + 127) // 128):
      start = i * 128
      end = min(start + 128, T)
      n = end - start
      scores, gram = self.attention_scores(x, q, k, a_scaled, form, scale, start, end)
      weights = torch.softmax(scores, -1)
      attention = self.dropped_again(weights, besides[i], p)
      dyi = torch.slice(dy, 1, start, end)
      xi = torch.slice(x, 1, start, end)
      xs = torch.slice(x, 1, 0, end)
      sum_v = torch.add_(torch.slice(dv, 1, 0, end), self.batches(torch.transpose(attention, 1, 2), dyi))
      dattention = self.batches(dyi, torch.transpose(torch.slice(v, 1, 0, end), 1, 2))
      if torch.numel(b) > 0:
        # skip = (sum_h b_h A_h) x
        dskip_i = torch.slice(dskip, 1, start, end)
        dmixed = self.batches(dskip_i, torch.transpose(xs, 1, 2))
        mixed = self.sum_of_heads(attention, b_scaled, B)
        sum_x = torch.add_(torch.slice(dx, 1, 0, end), self.batches(torch.transpose(mixed, 1, 2), dskip_i))
        sum_b = torch.add_(db, self.products_by_head(attention, dmixed, H))
        heads = torch.view(dattention, [B, H, n, end])
        sum_d = torch.addcmul_(heads, torch.unsqueeze(dmixed, 1), torch.view(b_scaled, [H, 1, 1]))
      dweights = self.drop_backward(dattention, besides[i], p)
      dscores = torch._softmax_backward_data(dweights, weights, -1, 6)
      torch.append(dq, self.batches(dscores, torch.slice(k, 1, 0, end)))
      dki = self.batches(torch.transpose(dscores, 1, 2), torch.slice(q, 1, start, end))
      sum_k = torch.add_(torch.slice(dk, 1, 0, end), dki, alpha=scale)
      if torch.numel(a) > 0:
        # scores_h = q_h k_h^T scale + a_h x x^T
        sum_a = torch.add_(da, self.products_by_head(dscores, gram, H))
        dgram = self.sum_of_heads(dscores, a_scaled, B)
        dgram_0 = self.incidence_backward(dgram, form, start)
        sum_0 = torch.add_(torch.slice(dx, 1, start, end), self.batches(dgram_0, xs))
        sum_1 = torch.add_(torch.slice(dx, 1, 0, end), self.batches(torch.transpose(dgram_0, 1, 2), xi))
    if torch.numel(a) > 0:
      done_a = self.gain(a, da * float(numbers[4]))
    if torch.numel(b) > 0:
      done_b = self.gain(b, db * float(numbers[5]))
    return (torch.mul_(torch.cat(dq, 1), scale), dk, dv, dx)

  # The gradient of x x^T, of that of its form, which is changed in place.
  def incidence_backward(self, dgram: Tensor, form: int, start: int) -> Tensor:
    if form > 1:
      y = torch.tril_(self.reversed_rows(dgram, start), start)
    else:
      y = dgram
    if form == 1 or form == 3:
      y0 = torch.tril_(y, start - 1)
    else:
      y0 = y
    return y0

  # <M_h, N> summed over texts: M (B H, n, m) and N (B, n, m) to (H).
  def products_by_head(self, matrices: Tensor, other: Tensor, H: int) -> Tensor:
    B = other.size(0)
    numbers = other.size(1) * other.size(2)
    flat = torch.view(matrices, [B, H, numbers])
    return torch.sum(torch.bmm(flat, torch.view(other, [B, numbers, 1])), [0, 2])

  # What is left of x once more.
  def dropped_again(self, x: Tensor, kept: Tensor, p: float) -> Tensor:
    if p == 0.:
      y = x
    else:
      y = torch.mul_(x * kept, 1. / (1. - p))
    return y

  # The gradient of the head (V, D), a part of the vocabulary at a time where it is made in bfloat16 first.
  def gain_head(self, head: Tensor, dlogits: Tensor, x: Tensor, overwrite: bool) -> Tensor:
    if dlogits.dtype == 6:
      done = self.gain_product(head, dlogits, x, overwrite)
    else:
      for i in range((head.size(0) + 8191) // 8192):
        part = torch.mm(torch.t(torch.slice(dlogits, 1, i * 8192, (i + 1) * 8192)), x)
        rows = torch.slice(head.grad, 0, i * 8192, (i + 1) * 8192)
        if overwrite:
          added = torch.copy_(rows, part)
        else:
          added = torch.add_(rows, part)
    return head

  # The sum of nats over all scored targets, and dh (B, T, D) of the sum times scale; the gradients of ln_f
  # and of the head, as far as they move, go into their own. Logits are made chunk by chunk and never kept.
  # operand is the head (V, D) as an operand of products; softmax - one-hot is its backward pass.
  def gpt2_loss(self, h: Tensor, targets: Tensor, ln_f_weight: Tensor, ln_f_bias: Tensor, head: Tensor,
                operand: Tensor, epsilon: Tensor, scale: Tensor, overwrite: Tensor) -> List[Tensor]:
    hidden, labels, at = self.scored(h, targets)
    D = hidden.size(1)
    x, mean, rstd = torch.native_layer_norm(hidden, [D], ln_f_weight, ln_f_bias, float(epsilon))
    x_in = torch.to(x, operand.dtype)
    rows = self.chunk(operand)
    logits, space = self.logit_space(min(rows, x.size(0)), operand)
    parts = annotate(List[Tensor], [])
    nats = torch.zeros([], dtype=6, device=h.device)
    factor = float(scale)
    for i in range((x.size(0) + rows - 1) // rows):
      xi = torch.slice(x_in, 0, i * rows, (i + 1) * rows)
      labels_i = torch.unsqueeze(torch.slice(labels, 0, i * rows, (i + 1) * rows), 1)
      dlogits = torch.mm(xi, torch.t(operand), out=torch.slice(logits, 0, 0, xi.size(0)))
      nats = nats - torch.sum(self.log_p(dlogits, labels_i, space, True))
      torch.append(parts, torch.mm(dlogits, operand))
      if head.requires_grad:
        done = self.gain_head(head, dlogits, xi * factor, bool(overwrite) and i == 0)
    dx = torch.to(torch.cat(parts), 6) * factor
    dhidden = torch.squeeze(self.layer_norm_backward(
        torch.unsqueeze(dx, 0), torch.unsqueeze(hidden, 0), torch.unsqueeze(mean, 0), torch.unsqueeze(rstd, 0),
        ln_f_weight, ln_f_bias), 0)
    if torch.numel(at) > 0:
      dh = torch.index_copy(torch.zeros([h.size(0) * h.size(1), D], dtype=6, device=h.device), 0, at, dhidden)
    else:
      dh = dhidden
    return [nats, torch.view(dh, h.size())]

  # The gradients of both embeddings, given dh (B, T, D); kept is what dropout left.
  def gpt2_embed_backward(self, dh: Tensor, input_ids: Tensor, wte: Tensor, wpe: Tensor, dropout: Tensor,
                          kept: Tensor) -> Tensor:
    de = self.drop_backward(dh, kept, float(dropout))
    if wte.requires_grad:
      done = wte.grad.index_add_(0, torch.reshape(input_ids, [-1]), torch.view(de, [-1, de.size(2)]))
    if wpe.requires_grad:
      done_ = torch.add_(torch.slice(wpe.grad, 0, 0, de.size(1)), torch.sum(de, [0]))
    return dh
