
  # Controls: weights made of others. The rest of the class that kernels.py begins. made is what a network computes
  # with, base what it is made of. A matrix has its outputs along dim, 1 for (in, out) and 0 for (out, in); the
  # first H d outputs are queries, d a head.

  # made = base, with the queries of head h times 1 + t_h: t (H), of matrices and biases.
  def control_temperature(self, t: Tensor, numbers: Tensor, made: List[Tensor], base: List[Tensor]) -> Tensor:
    d = int(torch.select(numbers, 0, 0))
    dim = int(torch.select(numbers, 0, 1))
    factor = torch.repeat_interleave(t + 1., d)
    for i in range(len(made)):
      done = torch.copy_(made[i], base[i])
      done_ = torch.mul_(self.queries(made[i], factor, dim), self.along(made[i], factor, dim))
    return t

  # The gradients of t, and of base where it moves, given those of made.
  def control_temperature_backward(self, t: Tensor, numbers: Tensor, made: List[Tensor], base: List[Tensor]) -> Tensor:
    d = int(torch.select(numbers, 0, 0))
    dim = int(torch.select(numbers, 0, 1))
    factor = torch.repeat_interleave(t + 1., d)
    dt = torch.zeros_like(t)
    for i in range(len(made)):
      g = made[i].grad
      products = self.queries(g, factor, dim) * self.queries(base[i], factor, dim)
      if products.dim() == 2:
        sums = torch.sum(products, [1 - dim])
      else:
        sums = products
      dt = dt + torch.sum(torch.view(sums, [-1, d]), [1])
      if base[i].requires_grad:
        done = base[i].grad.copy_(g)
        done_ = torch.mul_(self.queries(base[i].grad, factor, dim), self.along(g, factor, dim))
    moved = t.grad.copy_(dt)
    return t

  # The part of a matrix or bias that makes queries.
  def queries(self, x: Tensor, factor: Tensor, dim: int) -> Tensor:
    if x.dim() == 2:
      part = torch.slice(x, dim, 0, factor.size(0))
    else:
      part = torch.slice(x, 0, 0, factor.size(0))
    return part

  # Numbers of outputs in a shape that multiplies a matrix or a bias.
  def along(self, x: Tensor, factor: Tensor, dim: int) -> Tensor:
    if x.dim() == 2 and dim == 0:
      shaped = torch.unsqueeze(factor, 1)
    else:
      shaped = factor
    return shaped

  # made = base + scale A B in the matrix's orientation: lora_A (R, in), lora_B (out, R). numbers: scale, dim.
  def control_lora(self, lora_a: Tensor, lora_b: Tensor, numbers: Tensor, made: Tensor, base: Tensor) -> Tensor:
    scale = float(torch.select(numbers, 0, 0))
    done = torch.copy_(made, base)
    if int(torch.select(numbers, 0, 1)) == 1:
      sum = made.addmm_(torch.t(lora_a), torch.t(lora_b), alpha=scale)
    else:
      sum = made.addmm_(lora_b, lora_a, alpha=scale)
    return lora_a

  # The gradients of lora_A and lora_B, and of base where it moves, given that of made.
  def control_lora_backward(self, lora_a: Tensor, lora_b: Tensor, numbers: Tensor, made: Tensor,
                            base: Tensor) -> Tensor:
    scale = float(torch.select(numbers, 0, 0))
    if int(torch.select(numbers, 0, 1)) == 1:
      g = torch.t(made.grad)
    else:
      g = made.grad
    done_a = lora_a.grad.copy_(torch.mm(torch.t(lora_b), g) * scale)
    done_b = lora_b.grad.copy_(torch.mm(g, torch.t(lora_a)) * scale)
    if base.requires_grad:
      done = base.grad.copy_(made.grad)
    return lora_a
