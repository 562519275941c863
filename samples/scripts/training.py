"""The loop in which the text models learn."""

import time

import torch


def descend(model, loss, steps, rate, written_every):
    """Takes steps down a loss that draws its own batches; yields the number of each step after which the model is worth writing."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.1)
    start, total = time.time(), 0.0
    for step in range(1, steps + 1):
        model.train()
        value = loss()
        optimiser.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += value.item()
        if step % 100 == 0:
            print(f"step {step}/{steps} loss {total / 100:.3f}, {time.time() - start:.0f} s", flush=True)
            total = 0.0
        if step % written_every == 0 or step == steps:
            yield step
