"""A small BERT (Devlin et al. 2018), and its two uses. No dropout: no sentence is ever seen twice."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Layer(nn.Module):
    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(hidden, 3 * hidden), nn.Linear(hidden, hidden)
        self.norm1, self.norm2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)

    def forward(self, x, bias):
        batch, length, hidden = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        attention = (q @ k.transpose(-1, -2) / math.sqrt(hidden // self.heads) + bias).softmax(-1)
        x = self.norm1(x + self.out((attention @ v).transpose(1, 2).reshape(batch, length, hidden)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self, vocabulary, hidden=128, heads=4, inner=256, layers=2, positions=128, reach=0):
        super().__init__()
        self.words, self.places, self.segments = nn.Embedding(vocabulary, hidden), nn.Embedding(positions, hidden), nn.Embedding(2, hidden)
        for table in (self.words, self.places, self.segments):
            nn.init.normal_(table.weight, std=0.05)
        self.norm = nn.LayerNorm(hidden)
        self.near = nn.Conv1d(hidden, hidden, 2 * reach + 1, padding=reach) if reach else None
        self.layers = nn.ModuleList(Layer(hidden, heads, inner) for _ in range(layers))

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.words(input_ids) + self.places.weight[:input_ids.shape[1]] + self.segments(token_type_ids)
        x = self.norm(x)
        if self.near is not None:  # what stands beside a piece, which attention alone takes long to learn
            x = x + F.gelu(self.near((x * attention_mask[..., None].to(x.dtype)).transpose(1, 2))).transpose(1, 2)
        bias = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x


class Tagger(nn.Module):
    def __init__(self, encoder, hidden, labels):
        super().__init__()
        self.encoder, self.head = encoder, nn.Linear(hidden, labels)

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.head(self.encoder(input_ids, attention_mask, token_type_ids))


def mean(hidden, mask):
    """Mean pooling and length 1, as 1_Pooling and 2_Normalize say."""
    mask = mask[..., None].to(hidden.dtype)
    return F.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def pad(rows, value=0):
    length = max(map(len, rows))
    ids = torch.tensor([row + [value] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    return ids, mask


def example():
    ids, mask = pad([[2, 7, 8, 9, 3], [2, 7, 3]])
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}


def axes(output):
    both = {0: "batch_size", 1: "sequence_length"}
    return {"input_ids": both, "attention_mask": both, "token_type_ids": both, output: both}


def bert_config(encoder, vocabulary, architecture, **more):
    layer = encoder.layers[0]
    return {"architectures": [architecture], "model_type": "bert", "vocab_size": len(vocabulary), "hidden_size": encoder.words.embedding_dim, "num_hidden_layers": len(encoder.layers),
            "num_attention_heads": layer.heads, "intermediate_size": layer.up.out_features, "hidden_act": "gelu", "max_position_embeddings": encoder.places.num_embeddings,
            "type_vocab_size": 2, "layer_norm_eps": 1e-05, "pad_token_id": 0, "position_embedding_type": "absolute", "torch_dtype": "float32", **more}
