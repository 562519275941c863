"""A small residual network; one body for the labels and the embedding."""
import torch.nn as nn
import torch.nn.functional as F


class Residual(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.bypass = nn.Sequential(nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.norm2(self.second(F.relu(self.norm1(self.first(x)))))
        return F.relu(y + self.bypass(x))


class Body(nn.Module):
    features = 160

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.stages = nn.Sequential(Residual(16, 32, 2), Residual(32, 64, 2), Residual(64, 128, 2), Residual(128, 160, 2))

    def forward(self, x):
        return self.stages(self.stem(x)).mean((2, 3))


class Labels(nn.Module):
    def __init__(self, body, classes):
        super().__init__()
        self.body, self.head = body, nn.Linear(Body.features, classes)

    def forward(self, pixel_values):
        return self.head(self.body(pixel_values))


class Embedding(nn.Module):
    dimensions = 96

    def __init__(self, body):
        super().__init__()
        self.body, self.head = body, nn.Linear(Body.features, self.dimensions)

    def forward(self, pixel_values):
        return F.normalize(self.head(self.body(pixel_values)), dim=-1)
