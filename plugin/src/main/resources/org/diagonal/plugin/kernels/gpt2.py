
  # GPT-2, one layer at a time. B batch, T positions, D width, H heads, d = D / H, n queries of a block, V
  # vocabulary. The rest of the class that kernels.py begins.
  #
  # numbers: H, the form of x x^T, the activation, the epsilon of LayerNorm, the
  # multipliers of a and b, the dropout of attention and of what enters the residual stream, the scale of
  # q k^T, whether gradients are overwritten rather than added to.
  # weights: ln_1 (weight, bias), c_attn, c_proj, ln_2, c_fc and mlp.c_proj, each float32, matrices (in, out).
  # matrices: the four matrices once more, as operands of products: the same ones, or bfloat16.

  # 0: tanh GELU, 1: exact GELU, 2: ReLU.
  def activate(self, x: Tensor, function: int) -> Tensor:
    if function == 0:
      y = torch.gelu(x, approximate="tanh")
    else:
      if function == 1:
        y = torch.gelu(x)
      else:
        y = torch.relu(x)
    return y

  # x (rows, in) times matrix (in, out) in the matrix's precision, plus bias (out).
  def project(self, x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
    return torch.addmm(torch.to(bias, matrix.dtype), torch.to(x, matrix.dtype), matrix)

  # y and what of it is kept: nothing where p is 0, else true where it is kept.
  def drop(self, x: Tensor, p: float) -> Tuple[Tensor, Tensor]:
    if p > 0.:
      y, kept = torch.native_dropout(x, p, True)
    else:
      y = x
      kept = torch.empty([0], dtype=11)
    return (y, kept)

  def drop_backward(self, dy: Tensor, kept: Tensor, p: float) -> Tensor:
    if p > 0.:
      dx = torch.native_dropout_backward(dy, kept, 1. / (1. - p))
    else:
      dx = dy
    return dx

  # Batches x (N, n, k) times y (N, k, m). Large ones, of x x^T, one after another: the engine gives a batch to
  # MKL, single products to the library that this process chose, which is slower for those of one head (64 wide).
  # Gradients flow through whole batches alone.
  def batches(self, x: Tensor, y: Tensor) -> Tensor:
    if torch.is_grad_enabled() or x.size(1) * x.size(2) * y.size(2) < 10000000:
      z = torch.bmm(x, y)
    else:
      z = torch.empty([x.size(0), x.size(1), y.size(2)], dtype=x.dtype, device=x.device)
      for i in range(x.size(0)):
        zi = torch.mm(torch.select(x, 0, i), torch.select(y, 0, i), out=torch.select(z, 0, i))
    return z

  # WHERE a ENTERS: scores_h = q_h k_h^T scale + a_h x x^T (paper, Observation 1.2), -inf for keys after their
  # query. Of the queries start to end against the keys 0 to end: x (B, T, D), q and k (B H, T, d), a (H) or
  # empty; the scores (B H, n, end), and the x x^T of that form (B, n, end).
  def attention_scores(self, x: Tensor, q: Tensor, k: Tensor, a: Tensor, form: int,
                       scale: float, start: int, end: int) -> Tuple[Tensor, Tensor]:
    B = x.size(0)
    H = q.size(0) // B
    n = end - start
    qi = torch.slice(q, 1, start, end)
    keys = torch.transpose(torch.slice(k, 1, 0, end), 1, 2)
    # row r of the block is position start + r
    future = torch.triu(torch.full([n, end], float("-inf"), dtype=q.dtype, device=q.device), start + 1)
    if torch.numel(a) > 0:
      gram = self.batches(torch.slice(x, 1, start, end), torch.transpose(torch.slice(x, 1, 0, end), 1, 2))
      gram0 = self.incidence(gram, form, start)
      bias = torch.view(torch.addcmul(future, torch.unsqueeze(gram0, 1), torch.view(a, [H, 1, 1])), [B * H, n, end])
      scores = self.biased_batches(bias, qi, keys, scale)
    else:
      gram0 = a
      scores = self.biased_batches(torch.expand(future, [B * H, n, end]), qi, keys, scale)
    return (scores, gram0)

  # What a multiplies, of x x^T (B, n, end) whose row r is position start + r. The form is 1 or 3 where a position's
  # product with itself is left out, 2 or 3 where every row has its positions in reverse (a control). What lies
  # above the diagonal is masked anyway.
  def incidence(self, gram: Tensor, form: int, start: int) -> Tensor:
    if form == 1 or form == 3:
      gram0 = torch.tril(gram, start - 1)
    else:
      gram0 = gram
    if form > 1:
      y = self.reversed_rows(gram0, start)
    else:
      y = gram0
    return y

  # Position i - j at j: its own inverse below the diagonal.
  def reversed_rows(self, x: Tensor, start: int) -> Tensor:
    n = x.size(1)
    end = x.size(2)
    rows = torch.unsqueeze(torch.arange(start, start + n, dtype=4, device=x.device), 1)
    at = torch.clamp(rows - torch.arange(end, dtype=4, device=x.device), 0)
    return torch.gather(x, 2, torch.expand(at, [x.size(0), n, end]))

  # Batches x (N, n, k) times y (N, k, m), times scale, plus bias (N, n, m).
  def biased_batches(self, bias: Tensor, x: Tensor, y: Tensor, scale: float) -> Tensor:
    if torch.is_grad_enabled() or x.size(1) * x.size(2) * y.size(2) < 10000000:
      z = torch.baddbmm(bias, x, y, alpha=scale)
    else:
      z = torch.empty([x.size(0), x.size(1), y.size(2)], dtype=x.dtype, device=x.device)
      for i in range(x.size(0)):
        zi = torch.addmm(
            torch.select(bias, 0, i), torch.select(x, 0, i), torch.select(y, 0, i), alpha=scale,
            out=torch.select(z, 0, i))
    return z

  # WHERE b ENTERS: skip = (sum_h b_h A_h) x, with the attention A (B H, n, end) of a block of queries, x
  # (B, end, D), b (H). It passes by c_proj. The result is (B, n, D).
  def attention_skip(self, x: Tensor, attention: Tensor, b: Tensor) -> Tensor:
    return self.batches(self.sum_of_heads(attention, b, x.size(0)), x)

  # sum_h c_h M_h of matrices M (B H, n, m) and numbers c (H): (B, n, m).
  def sum_of_heads(self, matrices: Tensor, c: Tensor, B: int) -> Tensor:
    H = c.size(0)
    n = matrices.size(1)
    m = matrices.size(2)
    numbers = torch.expand(torch.view(c, [1, 1, H]), [B, 1, H])
    return torch.view(torch.bmm(numbers, torch.view(matrices, [B, H, n * m])), [B, n, m])

  # Causal attention of all heads: x (B, T, D), q, k and v (B H, T, d). The results are the heads side by side
  # (B T, D), the skip (B, T, D) or nothing, and what a backward pass needs besides: the engine's output and
  # logarithms of sums, or what dropout left of each block. In blocks of 128 queries, so that half of the
  # square is never computed.
  def attention(self, x: Tensor, q: Tensor, k: Tensor, v: Tensor, a: Tensor, b: Tensor,
                form: int, scale: float, p: float) -> Tuple[Tensor, Tensor, List[Tensor]]:
    B = x.size(0)
    T = x.size(1)
    D = x.size(2)
    shape = [B, q.size(0) // B, T, q.size(2)]
    besides = annotate(List[Tensor], [])
    skip = b
    if torch.numel(a) + torch.numel(b) == 0 and p == 0.:
      # plain GPT-2: the engine's own operator
      y, sums = torch._scaled_dot_product_flash_attention_for_cpu(
          torch.view(q, shape), torch.view(k, shape), torch.view(v, shape), 0., True, scale=scale)
      besides = [y, sums]
    else:
      heads = annotate(List[Tensor], [])
      skips = annotate(List[Tensor], [])
      for i in range((T + 127) // 128):
        start = i * 128
        end = min(start + 128, T)
        scores, gram = self.attention_scores(x, q, k, a, form, scale, start, end)
        attention, kept = self.drop(torch.softmax(scores, -1), p)
        torch.append(besides, kept)
        torch.append(heads, self.batches(attention, torch.slice(v, 1, 0, end)))
        if torch.numel(b) > 0:
          torch.append(skips, self.attention_skip(torch.slice(x, 1, 0, end), attention, b))
      y = torch.view(torch.cat(heads, 1), shape)
      if torch.numel(b) > 0:
        skip = torch.cat(skips, 1)
    return (torch.reshape(torch.transpose(y, 1, 2), [B * T, D]), skip, besides)

  # One layer, h (B, T, D) to the first of the results, (B, T, D); the others are what gpt2_block_backward
  # takes. The skip comes after c_proj and its bias, before dropout.
  def gpt2_block_forward(self, h: Tensor, a: Tensor, b: Tensor, numbers: Tensor, weights: List[Tensor],
                         matrices: List[Tensor]) -> List[Tensor]:
    B = h.size(0)
    T = h.size(1)
    D = h.size(2)
    activation = int(numbers[2])
    eps = float(numbers[3])
    p = float(numbers[7])
    x, mean_1, rstd_1 = torch.native_layer_norm(h, [D], weights[0], weights[1], eps)
    x_in = torch.to(torch.view(x, [B * T, D]), matrices[0].dtype)
    qkv = self.project(x_in, matrices[0], weights[3])
    q, k, v = self.heads(qkv, B, int(numbers[0]))
    merged, skip, besides = self.attention(
        x, q, k, v, a * float(numbers[4]), b * float(numbers[5]),
        int(numbers[1]), float(numbers[8]), float(numbers[6]))
    merged_in = torch.to(merged, matrices[1].dtype)
    attended = torch.view(self.project(merged_in, matrices[1], weights[5]), [B, T, D])
    if torch.numel(b) > 0:
      attended = attended + skip
    dropped_1, kept_1 = self.drop(attended, p)
    h_1 = h + dropped_1
    u, mean_2, rstd_2 = torch.native_layer_norm(h_1, [D], weights[6], weights[7], eps)
    u_in = torch.to(torch.view(u, [B * T, D]), matrices[2].dtype)
    inner = self.project(u_in, matrices[2], weights[9])
    out = torch.view(self.project(self.activate(inner, activation), matrices[3], weights[11]), [B, T, D])
    dropped_2, kept_2 = self.drop(out, p)
    h_2 = h_1 + dropped_2
    if torch.numel(a) + torch.numel(b) == 0 and float(numbers[6]) == 0.:
      x = a
    kept = [h, mean_1, rstd_1, x, x_in, qkv, merged_in, kept_1, h_1, mean_2, rstd_2, u_in, inner, kept_2]
    return torch.add(torch.add([h_2], kept), besides)

  # The first result alone: gradients flow through it, too.
  def gpt2_block(self, h: Tensor, a: Tensor, b: Tensor, numbers: Tensor, weights: List[Tensor],
                 matrices: List[Tensor]) -> Tensor:
    return self.gpt2_block_forward(h, a, b, numbers, weights, matrices)[0]

  # q, k and v, each (B H, T, d) float32, of the rows that c_attn makes, (B T, 3 D).
  def heads(self, qkv: Tensor, B: int, H: int) -> Tuple[Tensor, Tensor, Tensor]:
    T = qkv.size(0) // B
    d = qkv.size(1) // 3 // H
    parts = torch.permute(torch.view(torch.to(qkv, 6), [B, T, 3, H, d]), [2, 0, 3, 1, 4])
    q = torch.reshape(torch.select(parts, 0, 0), [B * H, T, d])
    k = torch.reshape(torch.select(parts, 0, 1), [B * H, T, d])
    v = torch.reshape(torch.select(parts, 0, 2), [B * H, T, d])
    return (q, k, v)

  # input_ids (B, T) to h (B, T, D), and what dropout left.
  def gpt2_embed_forward(self, input_ids: Tensor, wte: Tensor, wpe: Tensor, dropout: Tensor) -> List[Tensor]:
    h, kept = self.drop(torch.embedding(wte, input_ids) + torch.slice(wpe, 0, 0, input_ids.size(1)), float(dropout))
    return [h, kept]

  def gpt2_embed(self, input_ids: Tensor, wte: Tensor, wpe: Tensor, dropout: Tensor) -> Tensor:
    return self.gpt2_embed_forward(input_ids, wte, wpe, dropout)[0]

  # (B, T, D) to logits (B, T, V). head (V, D) is an operand of products, float32 or bfloat16.
  def gpt2_head(self, h: Tensor, ln_f_weight: Tensor, ln_f_bias: Tensor, head: Tensor, epsilon: Tensor) -> Tensor:
    x = torch.layer_norm(h, [h.size(2)], ln_f_weight, ln_f_bias, float(epsilon))
    return torch.to(torch.matmul(torch.to(x, head.dtype), torch.t(head)), 6)

  # What a head (rows, D) says of the last position alone, (B, rows).
  def gpt2_last(self, h: Tensor, ln_f_weight: Tensor, ln_f_bias: Tensor, head: Tensor, epsilon: Tensor) -> Tensor:
    x = torch.layer_norm(torch.select(h, 1, -1), [h.size(2)], ln_f_weight, ln_f_bias, float(epsilon))
    return torch.mm(x, torch.t(head))

  # The rows of h (B, T, D) that are scored, (N, D), their targets, (N), and which they are; nothing says all.
  def scored(self, h: Tensor, targets: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    flat = torch.reshape(targets, [-1])
    at = torch.squeeze(torch.nonzero(torch.ne(flat, -100)), 1)
    rows = torch.reshape(h, [-1, h.size(2)])
    if torch.numel(at) < torch.numel(flat):
      hidden = torch.index_select(rows, 0, at)
      labels = torch.index_select(flat, 0, at)
    else:
      hidden = rows
      labels = flat
      at = torch.slice(at, 0, 0, 0)
    return (hidden, labels, at)

  # Rows of logits at a time: few enough for the cache, enough to pay for the sum into the head's gradient.
  def chunk(self, width: int) -> int:
    return max(64, width // 3)

  # log p of every id of the vocabulary, (rows, V) float32, in the place of logits; they are as large as the
  # cache, so a few rows go through both steps together.
  def log_p(self, x: Tensor, head: Tensor, space: Tensor) -> Tensor:
    if head.dtype == 6:
      logits = torch.mm(x, torch.t(head), out=space)
    else:
      logits = torch.mm(x, torch.t(head))
    for i in range((x.size(0) + 31) // 32):
      some = torch.slice(space, 0, i * 32, (i + 1) * 32)
      if head.dtype != 6:
        copied = torch.copy_(some, torch.slice(logits, 0, i * 32, (i + 1) * 32))
      p = torch.log_softmax(some, -1, out=some)
    return space

  # Nats of each scored target, (N).
  def gpt2_nats(self, h: Tensor, targets: Tensor, ln_f_weight: Tensor, ln_f_bias: Tensor, head: Tensor,
                epsilon: Tensor) -> Tensor:
    hidden, labels, at = self.scored(h, targets)
    x = torch.to(torch.layer_norm(hidden, [hidden.size(1)], ln_f_weight, ln_f_bias, float(epsilon)), head.dtype)
    rows = self.chunk(head.size(1))
    space = torch.empty([min(rows, x.size(0)), head.size(0)], dtype=6, device=h.device)
    parts = annotate(List[Tensor], [])
    for i in range((x.size(0) + rows - 1) // rows):
      xi = torch.slice(x, 0, i * rows, (i + 1) * rows)
      labels_i = torch.unsqueeze(torch.slice(labels, 0, i * rows, (i + 1) * rows), 1)
      p = self.log_p(xi, head, torch.slice(space, 0, 0, xi.size(0)))
      torch.append(parts, torch.neg(torch.squeeze(torch.gather(p, 1, labels_i), 1)))
    return torch.cat(parts)
