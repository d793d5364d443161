# The fused operators, in the dialect of TorchScript archives; Kernels.java calls them by name.
# B batch, T positions, D width, H heads, d = D / H, V vocabulary. Numbers come as 0-dimensional
# tensors. Everything is float32 but ids and targets, which are int64; -100 is not scored.

class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # A scalar whose gradient is zero everywhere: afterwards p.grad is there, and nothing else was made.
  def open_gradient(self, p: Tensor) -> Tensor:
    return torch.select(torch.view(p, [-1]), 0, 0) * 0.

  # The global 2-norm. torch.norm of a whole tensor adds in float32, one running sum a thread: 0.3 % too small
  # over GPT-2's embeddings. So norms of rows of 1024 numbers, whose squares are added in float64.
  def grad_norm(self, anchor: Tensor, g: List[Tensor]) -> Tensor:
    norms = annotate(List[Tensor], [])
    for i in range(len(g)):
      flat = torch.reshape(g[i], [-1])
      whole = torch.numel(flat) // 1024 * 1024
      if whole > 0:
        torch.append(norms, torch.linalg_vector_norm(torch.view(torch.slice(flat, 0, 0, whole), [-1, 1024]), 2, [1]))
      if whole < torch.numel(flat):
        torch.append(norms, torch.linalg_vector_norm(torch.slice(flat, 0, whole), 2, [0], True))
    squares = torch.square(torch.to(torch.cat(norms), 7))
    return torch.to(torch.sqrt(torch.sum(squares)), anchor.dtype)

  # In place; also turns NaN into zero.
  def zero(self, anchor: Tensor, g: List[Tensor]) -> Tensor:
    torch._foreach_zero_(g)
    return anchor

  # One AdamW update, in place, of all parameters p with gradients g / grad_scale and moments m, v.
  def adamw(self, step: Tensor, lr: Tensor, beta1: Tensor, beta2: Tensor, epsilon: Tensor, weight_decay: Tensor,
            grad_scale: Tensor, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor]) -> Tensor:
    steps = annotate(List[Tensor], [])
    for i in range(len(p)):
      torch.append(steps, step)
    none = annotate(List[Tensor], [])
    if float(grad_scale) == 1.:
      torch._fused_adamw_(p, g, m, v, none, steps, lr=float(lr), beta1=float(beta1), beta2=float(beta2),
                          weight_decay=float(weight_decay), eps=float(epsilon), amsgrad=False, maximize=False)
    else:
      torch._fused_adamw_(p, g, m, v, none, steps, lr=float(lr), beta1=float(beta1), beta2=float(beta2),
                          weight_decay=float(weight_decay), eps=float(epsilon), amsgrad=False, maximize=False,
                          grad_scale=grad_scale)
    return step

  # Copies in bfloat16, as operands of products.
  def to_bfloat16(self, anchor: Tensor, sources: List[Tensor]) -> List[Tensor]:
    copies = annotate(List[Tensor], [])
    for i in range(len(sources)):
      torch.append(copies, torch.to(sources[i], 15))
    return copies

  # One product, for measuring: x (M, K) times w (K, N), both of one type; its first number as float32.
  def product(self, x: Tensor, w: Tensor) -> Tensor:
    return torch.to(torch.select(torch.select(torch.mm(x, w), 0, 0), 0, 0), 6)
