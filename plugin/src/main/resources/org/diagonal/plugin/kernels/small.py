
  # Losses of what was read out, and the small networks, whose outputs they take. The rest of the class
  # that kernels.py begins. T positions with [CLS], B batch, D width, H heads, d head width.

  # -log p of the last target of each example: output (B, V), targets (B, T).
  def nats(self, output: Tensor, targets: Tensor) -> Tensor:
    return torch.cross_entropy_loss(output, torch.select(targets, 1, -1), None, 0)

  def squared_error(self, output: Tensor, targets: Tensor) -> Tensor:
    return torch.square(output - targets)

  # The sum, with gradients of the sum times scale.
  def scaled_sum(self, losses: Tensor, scale: Tensor) -> Tensor:
    total = torch.sum(losses)
    scaled = total * float(scale)
    return torch.detach(total) + (scaled - torch.detach(scaled))

  def nats_sum(self, output: Tensor, targets: Tensor, scale: Tensor) -> Tensor:
    return self.scaled_sum(self.nats(output, targets), scale)

  def squared_error_sum(self, output: Tensor, targets: Tensor, scale: Tensor) -> Tensor:
    return self.scaled_sum(self.squared_error(output, targets), scale)

  # Rows of an array whose first dimension counts examples.
  def rows(self, index: Tensor, array: Tensor) -> Tensor:
    return torch.index_select(array, 0, index)

  # All rows, where they lie.
  def all_rows(self, anchor: Tensor, array: Tensor) -> Tensor:
    return torch.slice(array, 0)

  # In place.
  def copy(self, anchor: Tensor, to: List[Tensor], source: List[Tensor]) -> Tensor:
    torch._foreach_copy_(to, source)
    return anchor

  # The type of the operands of products: precision is 0 for float32, 1 for bfloat16.
  def operand(self, precision: Tensor) -> int:
    if int(precision) == 0:
      dtype = 6
    else:
      dtype = 15
    return dtype

  # x (N, in) times weight (out, in).
  def times(self, x: Tensor, weight: Tensor, dtype: int) -> Tensor:
    return torch.to(torch.mm(torch.to(x, dtype), torch.t(torch.to(weight, dtype))), 6)

  # The same, plus bias (out).
  def linear(self, x: Tensor, weight: Tensor, bias: Tensor, dtype: int) -> Tensor:
    product = torch.addmm(torch.to(bias, dtype), torch.to(x, dtype), torch.t(torch.to(weight, dtype)))
    return torch.to(product, 6)

  # The same, for one class as numbers (N).
  def last_linear(self, x: Tensor, weight: Tensor, bias: Tensor, dtype: int) -> Tensor:
    y = self.linear(x, weight, bias, dtype)
    if y.size(1) == 1:
      output = torch.squeeze(y, 1)
    else:
      output = y
    return output

  # Two linear maps with an exact GELU between them.
  def feed_forward(self, x: Tensor, weight: Tensor, bias: Tensor, weight2: Tensor, bias2: Tensor,
                   dtype: int) -> Tensor:
    return self.linear(torch.gelu(self.linear(x, weight, bias, dtype)), weight2, bias2, dtype)

  # One whole layer of the template transformer, (T, B, D) to (T, B, D); p holds its 13 tensors from index
  # at on. With the position in front, every product below reads its operands where they lie.
  def template_layer(self, h: Tensor, heads: int, qk_mult: float, ov_mult: float, form: int,
                     p: List[Tensor], at: int, dtype: int) -> Tensor:
    T = h.size(0)
    B = h.size(1)
    D = h.size(2)
    inner = p[at + 3].size(0)
    d = inner // heads
    a = p[at + 11]
    b = p[at + 12]
    x = torch.layer_norm(h, [D], p[at], p[at + 1])
    rows = torch.view(x, [T * B, D])
    xb = torch.transpose(x, 0, 1)
    wq, wk = torch.unbind(torch.view(p[at + 2], [2, inner, D]))
    q = torch.transpose(torch.view(self.times(rows, wq, dtype), [T, B * heads, d]), 0, 1)
    k = torch.transpose(torch.view(self.times(rows, wk, dtype), [T, B * heads, d]), 0, 1)
    v = torch.transpose(torch.view(self.times(rows, p[at + 3], dtype), [T, B * heads, d]), 0, 1)
    scores = torch.bmm(q, torch.transpose(k, 1, 2)) * (float(d) ** -0.5)
    if torch.numel(a) > 0:
      gram = torch.bmm(xb, torch.transpose(xb, 1, 2))
      if form == 1 or form == 3:
        gram0 = gram * (1. - torch.eye(T, dtype=h.dtype, device=h.device))
      else:
        gram0 = gram
      gram0 = self.permuted(gram0, form)
      bias = torch.view(gram0, [B, 1, T, T]) * torch.view(a * qk_mult, [heads, 1, 1])
      scores0 = scores + torch.view(bias, [B * heads, T, T])
    else:
      scores0 = scores
    weights = torch.softmax(scores0, -1)
    mixed = torch.transpose(torch.bmm(weights, v), 0, 1)
    h1 = h + torch.view(self.times(torch.reshape(mixed, [T * B, inner]), p[at + 4], dtype), [T, B, D])
    if torch.numel(b) > 0:
      share = torch.view(torch.matmul(b * ov_mult, torch.view(weights, [B, heads, T * T])), [B, T, T])
      h2 = h1 + torch.transpose(torch.bmm(share, xb), 0, 1)
    else:
      h2 = h1
    y = torch.view(torch.layer_norm(h2, [D], p[at + 5], p[at + 6]), [T * B, D])
    return h2 + torch.view(self.feed_forward(y, p[at + 7], p[at + 8], p[at + 9], p[at + 10], dtype), [T, B, D])

  # x x^T as a multiplies it: every row in reverse where the form is 2 or 3. A position's product with itself is
  # left out before where it is 1 or 3.
  def permuted(self, gram: Tensor, form: int) -> Tensor:
    if form > 1:
      y = torch.flip(gram, [2])
    else:
      y = gram
    return y

  # The attention of the last position alone, added to h (B, D); x (T, B, D) is normalised. There is one
  # query an example, so keys and values need not be made: q (W_K x) is (q W_K) x, and the sum over positions
  # of A (W_V x) is W_V (sum of A x).
  def add_last_attention(self, h: Tensor, x: Tensor, heads: int, qk_mult: float, ov_mult: float, form: int,
                         w_qk: Tensor, w_v: Tensor, w_o: Tensor, a: Tensor, b: Tensor, dtype: int) -> Tensor:
    T = x.size(0)
    B = x.size(1)
    D = x.size(2)
    inner = w_v.size(0)
    d = inner // heads
    xr = torch.select(x, 0, T - 1)
    xb = torch.transpose(x, 0, 1)
    wq, wk = torch.unbind(torch.view(w_qk, [2, inner, D]))
    q = torch.transpose(torch.view(self.times(xr, wq, dtype), [B, heads, d]), 0, 1)
    u = torch.transpose(torch.bmm(q, torch.view(wk, [heads, d, D])), 0, 1)
    scores = torch.bmm(u, torch.transpose(xb, 1, 2)) * (float(d) ** -0.5)
    if torch.numel(a) > 0:
      gram = torch.bmm(torch.unsqueeze(xr, 1), torch.transpose(xb, 1, 2))
      if form == 1 or form == 3:
        gram0 = torch.cat([torch.slice(gram, 2, 0, T - 1), torch.zeros_like(torch.slice(gram, 2, T - 1, T))], 2)
      else:
        gram0 = gram
      gram0 = self.permuted(gram0, form)
      scores0 = scores + gram0 * torch.view(a * qk_mult, [heads, 1])
    else:
      scores0 = scores
    weights = torch.softmax(scores0, -1)
    z = torch.bmm(weights, xb)
    wv = torch.transpose(torch.view(w_v, [heads, d, D]), 1, 2)
    mixed = torch.transpose(torch.bmm(torch.transpose(z, 0, 1), wv), 0, 1)
    h1 = h + self.times(torch.reshape(mixed, [B, inner]), w_o, dtype)
    if torch.numel(b) > 0:
      share = torch.unsqueeze(torch.matmul(b * ov_mult, weights), 1)
      h2 = h1 + torch.squeeze(torch.bmm(share, xb), 1)
    else:
      h2 = h1
    return h2

  # The last layer where its last position alone is read out, (T, B, D) to (B, D).
  def template_last_layer(self, h: Tensor, heads: int, qk_mult: float, ov_mult: float, form: int,
                     p: List[Tensor], at: int, dtype: int) -> Tensor:
    D = h.size(2)
    x = torch.layer_norm(h, [D], p[at], p[at + 1])
    hr = torch.select(h, 0, h.size(0) - 1)
    h2 = self.add_last_attention(hr, x, heads, qk_mult, ov_mult, form, p[at + 2], p[at + 3], p[at + 4],
                                 p[at + 11], p[at + 12], dtype)
    y = torch.layer_norm(h2, [D], p[at + 5], p[at + 6])
    return h2 + self.feed_forward(y, p[at + 7], p[at + 8], p[at + 9], p[at + 10], dtype)

  # input_ids (B, T) to real numbers (B), or through the tied embedding to logits (B, V). n: heads, the
  # multipliers of a and b, the form of x x^T. p: embedding, positions, [CLS] or nothing,
  # head's weight and bias or nothing, then 13 tensors a layer, of which the last two are a and b or nothing.
  def template_transformer(self, input_ids: Tensor, n: Tensor, precision: Tensor, p: List[Tensor]) -> Tensor:
    dtype = self.operand(precision)
    heads = int(torch.select(n, 0, 0))
    qk_mult = float(torch.select(n, 0, 1))
    ov_mult = float(torch.select(n, 0, 2))
    form = int(torch.select(n, 0, 3))
    e = torch.embedding(p[0], torch.t(input_ids))
    if torch.numel(p[2]) > 0:
      e0 = torch.cat([e, torch.expand(p[2], [1, e.size(1), e.size(2)])])
    else:
      e0 = e
    h = e0 + torch.transpose(p[1], 0, 1)
    layers = (len(p) - 5) // 13
    for i in range(layers - 1):
      h = self.template_layer(h, heads, qk_mult, ov_mult, form, p, 5 + 13 * i, dtype)
    last = self.template_last_layer(h, heads, qk_mult, ov_mult, form, p,
                                    5 + 13 * (layers - 1), dtype)
    y = torch.layer_norm(last, [last.size(1)])
    if torch.numel(p[3]) > 0:
      output = self.last_linear(y, p[3], p[4], dtype)
    else:
      output = self.times(y, p[0], dtype)
    return output

  # One attention layer and nothing else: input_ids (B, T) through the tied embedding to logits (B, V). n: heads,
  # the multipliers of a and b, the form of x x^T. p: embedding, the layer's 5 tensors, a and b or nothing.
  def template_attention(self, input_ids: Tensor, n: Tensor, precision: Tensor, p: List[Tensor]) -> Tensor:
    dtype = self.operand(precision)
    heads = int(torch.select(n, 0, 0))
    qk_mult = float(torch.select(n, 0, 1))
    ov_mult = float(torch.select(n, 0, 2))
    form = int(torch.select(n, 0, 3))
    e = torch.embedding(p[0], torch.t(input_ids))
    D = e.size(2)
    x = torch.layer_norm(e, [D], p[1], p[2])
    none = torch.zeros_like(torch.select(e, 0, 0))
    h = self.add_last_attention(none, x, heads, qk_mult, ov_mult, form, p[3], p[4], p[5], p[6], p[7], dtype)
    return self.times(torch.layer_norm(h, [D]), p[0], dtype)

  # n: V, the factor of X X^T or 0. p: weight and bias of each layer, the first of T V (+ T T) inputs. A
  # product with one-hot vectors is a sum of columns of the weight, (t V + id) for position t.
  def template_mlp(self, input_ids: Tensor, n: Tensor, precision: Tensor, p: List[Tensor]) -> Tensor:
    dtype = self.operand(precision)
    V = int(torch.select(n, 0, 0))
    xxt = float(torch.select(n, 0, 1))
    B = input_ids.size(0)
    T = input_ids.size(1)
    columns = torch.t(p[0])
    at = input_ids + torch.arange(T, dtype=input_ids.dtype, device=input_ids.device) * V
    sums = torch.sum(torch.embedding(torch.slice(columns, 0, 0, T * V), at), 1) + p[1]
    if xxt != 0.:
      equal = torch.eq(torch.unsqueeze(input_ids, 1), torch.unsqueeze(input_ids, 2))
      pairs = torch.reshape(equal, [B, T * T]).to(p[0].dtype) * xxt
      h = torch.relu(torch.addmm(sums, pairs, torch.slice(columns, 0, T * V)))
    else:
      h = torch.relu(sums)
    layers = len(p) // 2
    for i in range(layers - 2):
      h = torch.relu(self.linear(h, p[2 * i + 2], p[2 * i + 3], dtype))
    return self.last_linear(h, p[2 * layers - 2], p[2 * layers - 1], dtype)

  # p: embedding, weight (D, 2 D) of input and state, its bias, weight and bias of the output. n is empty.
  def template_rnn(self, input_ids: Tensor, n: Tensor, precision: Tensor, p: List[Tensor]) -> Tensor:
    dtype = self.operand(precision)
    e = torch.embedding(p[0], input_ids)
    h = torch.zeros_like(torch.select(e, 1, 0))
    for t in range(input_ids.size(1)):
      h = torch.relu(self.linear(torch.cat([torch.select(e, 1, t), h], 1), p[1], p[2], dtype))
    return self.last_linear(h, p[3], p[4], dtype)

  # The state and the cell after one more input: gates in PyTorch's order, input, forget, cell, output.
  def lstm_cell(self, x: Tensor, h: Tensor, c: Tensor, p: List[Tensor], dtype: int) -> Tuple[Tensor, Tensor]:
    if dtype == 6:
      h1, c1 = torch.lstm_cell(x, [h, c], p[1], p[2], p[3], p[4])
    else:
      gates = self.linear(x, p[1], p[3], dtype) + self.linear(h, p[2], p[4], dtype)
      i, f, g, o = torch.chunk(gates, 4, 1)
      c1 = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
      h1 = torch.sigmoid(o) * torch.tanh(c1)
    return (h1, c1)

  # p: embedding, PyTorch's four tensors of an LSTM, weight and bias of the output. n is empty.
  def template_lstm(self, input_ids: Tensor, n: Tensor, precision: Tensor, p: List[Tensor]) -> Tensor:
    dtype = self.operand(precision)
    e = torch.embedding(p[0], input_ids)
    h = torch.zeros_like(torch.select(e, 1, 0))
    c = h
    for t in range(input_ids.size(1)):
      h, c = self.lstm_cell(torch.select(e, 1, t), h, c, p, dtype)
    return self.last_linear(h, p[5], p[6], dtype)
