
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

  # x (rows, in) times matrix (in, out) in the matrix's precision, plus bias (out): into y, but where gradients
  # flow.
  def project(self, x: Tensor, matrix: Tensor, bias: Tensor, y: Tensor) -> Tensor:
    if torch.is_grad_enabled():
      z = torch.addmm(torch.to(bias, matrix.dtype), torch.to(x, matrix.dtype), matrix)
    else:
      z = torch.addmm(torch.to(bias, matrix.dtype), torch.to(x, matrix.dtype), matrix, out=y)
    return z

  # h + x, into y but where gradients flow.
  def plus(self, h: Tensor, x: Tensor, y: Tensor) -> Tensor:
    if torch.is_grad_enabled():
      z = h + x
    else:
      z = torch.add(h, x, out=y)
    return z

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

  # Whether the engine's own operator makes the attention: plain GPT-2's, where texts are long. Where they are
  # short, blocks of queries are faster: a step takes 0.74 to 0.89 of the time at T = 256 and 512.
  def is_by_engine(self, a: Tensor, b: Tensor, p: float, T: int) -> bool:
    return torch.numel(a) + torch.numel(b) == 0 and p == 0. and T > 512

  # Causal attention of all heads: x (B, T, D), q, k and v (B H, T, d). The heads go side by side into merged
  # (B, T, D); the results are the skip (B, T, D) or nothing, and what a backward pass needs besides: the
  # engine's logarithms of sums, or what dropout left of each block. In blocks of 128 queries, so that half of
  # the square is never computed.
  def attention(self, x: Tensor, q: Tensor, k: Tensor, v: Tensor, a: Tensor, b: Tensor, form: int,
                scale: float, p: float, merged: Tensor) -> Tuple[Tensor, List[Tensor]]:
    B = x.size(0)
    T = x.size(1)
    H = q.size(0) // B
    d = q.size(2)
    shape = [B, H, T, d]
    places = torch.transpose(torch.view(merged, [B, T, H, d]), 1, 2)
    besides = annotate(List[Tensor], [])
    skip = b
    if self.is_by_engine(a, b, p, T):
      y, sums = torch._scaled_dot_product_flash_attention_for_cpu(
          torch.view(q, shape), torch.view(k, shape), torch.view(v, shape), 0., True, scale=scale)
      done = torch.copy_(places, y)
      besides = [sums]
    else:
      skips = annotate(List[Tensor], [])
      for i in range((T + 127) // 128):
        start = i * 128
        end = min(start + 128, T)
        scores, gram = self.attention_scores(x, q, k, a, form, scale, start, end)
        attention, kept = self.drop(torch.softmax(scores, -1), p)
        torch.append(besides, kept)
        heads = torch.view(self.batches(attention, torch.slice(v, 1, 0, end)), [B, H, end - start, d])
        done_i = torch.copy_(torch.slice(places, 2, start, end), heads)
        if torch.numel(b) > 0:
          torch.append(skips, self.attention_skip(torch.slice(x, 1, 0, end), attention, b))
      if torch.numel(b) > 0:
        skip = torch.cat(skips, 1)
    return (skip, besides)

  # One layer, h (B, T, D) to the first of the results, (B, T, D); the others are what gpt2_block_backward
  # takes. The skip comes after c_proj and its bias, before dropout. What is kept has its places first, side by
  # side: places between what is not kept would leave holes in memory, too small for the next layer's.
  def gpt2_block_forward(self, h: Tensor, a: Tensor, b: Tensor, numbers: Tensor, weights: List[Tensor],
                         matrices: List[Tensor]) -> List[Tensor]:
    B = h.size(0)
    T = h.size(1)
    D = h.size(2)
    rows = B * T
    wide = 3 * D
    inside = matrices[2].size(1)
    activation = int(numbers[2])
    eps = float(numbers[3])
    p = float(numbers[7])
    states = torch.empty([3, B, T, D], dtype=6, device=h.device)
    operands = torch.empty([rows * (wide + inside)], dtype=matrices[0].dtype, device=h.device)
    merged = torch.select(states, 0, 0)
    x, mean_1, rstd_1 = torch.native_layer_norm(h, [D], weights[0], weights[1], eps)
    qkv = self.project(torch.view(x, [rows, D]), matrices[0], weights[3],
                       torch.view(torch.slice(operands, 0, 0, rows * wide), [rows, wide]))
    q, k, v = self.heads(qkv, B, int(numbers[0]))
    skip, besides = self.attention(
        x, q, k, v, a * float(numbers[4]), b * float(numbers[5]),
        int(numbers[1]), float(numbers[8]), float(numbers[6]), merged)
    space = torch.empty([rows, D], dtype=matrices[0].dtype, device=h.device)
    attended = torch.view(self.project(torch.view(merged, [rows, D]), matrices[1], weights[5], space), [B, T, D])
    if torch.numel(b) > 0:
      attended = attended + skip
    dropped_1, kept_1 = self.drop(attended, p)
    h_1 = self.plus(h, dropped_1, torch.select(states, 0, 1))
    u, mean_2, rstd_2 = torch.native_layer_norm(h_1, [D], weights[6], weights[7], eps)
    inner = self.project(torch.view(u, [rows, D]), matrices[2], weights[9],
                         torch.view(torch.slice(operands, 0, rows * wide), [rows, inside]))
    out = torch.view(self.project(self.activate(inner, activation), matrices[3], weights[11], space), [B, T, D])
    dropped_2, kept_2 = self.drop(out, p)
    h_2 = self.plus(h_1, dropped_2, torch.select(states, 0, 2))
    return torch.add([h_2, h, qkv, merged, h_1, inner, kept_1, kept_2], besides)

  # The first result alone: gradients flow through it, too.
  def gpt2_block(self, h: Tensor, a: Tensor, b: Tensor, numbers: Tensor, weights: List[Tensor],
                 matrices: List[Tensor]) -> Tensor:
    return self.gpt2_block_forward(h, a, b, numbers, weights, matrices)[0]

  # q, k and v, each (B H, T, d) float32, of the rows that c_attn makes, (B T, 3 D).
  def heads(self, qkv: Tensor, B: int, H: int) -> Tuple[Tensor, Tensor, Tensor]:
    T = qkv.size(0) // B
    d = qkv.size(1) // 3 // H
    parts = torch.permute(torch.view(qkv, [B, T, 3, H, d]), [2, 0, 3, 1, 4])
    q, k, v = torch.unbind(torch.reshape(torch.to(parts, 6, memory_format=0), [3, B * H, T, d]), 0)
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

  # Rows of logits (rows, V) at a time: few enough for memory, enough to pay for the sum into the head's
  # gradient.
  def chunk(self, head: Tensor) -> int:
    rows = max(64, head.size(1) // 3)
    if head.dtype != 6:
      rows = rows * 2
    return rows

  # log p of labels (rows, 1) by logits (rows, V), which become their own gradients, softmax - one-hot, where
  # that is wanted. Logits are as large as the cache, so a few rows go through all steps together, where they
  # are float32, else in space (32, V).
  def log_p(self, logits: Tensor, labels: Tensor, space: Tensor, backward: bool) -> Tensor:
    parts = annotate(List[Tensor], [])
    for i in range((logits.size(0) + 31) // 32):
      rows = torch.slice(logits, 0, i * 32, (i + 1) * 32)
      labels_i = torch.slice(labels, 0, i * 32, (i + 1) * 32)
      if logits.dtype == 6:
        some = rows
      else:
        some = torch.copy_(torch.slice(space, 0, 0, rows.size(0)), rows)
      p = torch.log_softmax(some, -1, out=some)
      torch.append(parts, torch.gather(p, 1, labels_i))
      if backward:
        dlogits = torch.exp_(p).scatter_add_(1, labels_i, torch.full_like(labels_i, -1., dtype=6))
        if logits.dtype != 6:
          copied = torch.copy_(rows, dlogits)
    return torch.cat(parts)

  # The places of rows of logits, and of the few that log_p takes where they are not float32.
  def logit_space(self, rows: int, head: Tensor) -> Tuple[Tensor, Tensor]:
    logits = torch.empty([rows, head.size(0)], dtype=head.dtype, device=head.device)
    if head.dtype == 6:
      space = torch.empty([0], dtype=6)
    else:
      space = torch.empty([32, head.size(0)], dtype=6, device=head.device)
    return (logits, space)

  # Nats of each scored target, (N).
  def gpt2_nats(self, h: Tensor, targets: Tensor, ln_f_weight: Tensor, ln_f_bias: Tensor, head: Tensor,
                epsilon: Tensor) -> Tensor:
    hidden, labels, at = self.scored(h, targets)
    x = torch.to(torch.layer_norm(hidden, [hidden.size(1)], ln_f_weight, ln_f_bias, float(epsilon)), head.dtype)
    rows = self.chunk(head)
    logits, space = self.logit_space(min(rows, x.size(0)), head)
    parts = annotate(List[Tensor], [])
    for i in range((x.size(0) + rows - 1) // rows):
      xi = torch.slice(x, 0, i * rows, (i + 1) * rows)
      labels_i = torch.unsqueeze(torch.slice(labels, 0, i * rows, (i + 1) * rows), 1)
      logits_i = torch.mm(xi, torch.t(head), out=torch.slice(logits, 0, 0, xi.size(0)))
      torch.append(parts, torch.neg(torch.squeeze(self.log_p(logits_i, labels_i, space, False), 1)))
    return torch.cat(parts)
