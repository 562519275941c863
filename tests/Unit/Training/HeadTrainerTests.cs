using Serverless.Training;
using Xunit;

namespace Serverless.Unit.Training;

public sealed class HeadTrainerTests
{
    private static readonly TrainingOptions Options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Train_ChoosesThePenalty_ThatDoesBestOnUnseenRows()
    {
        TrainedHead trained = HeadTrainer.Train(TestRows.Make(), Options, seed: 7, Token);

        Assert.Equal([100, 10, 1, 0.1, 0.01], trained.Scores.Select(score => score.Penalty));
        Assert.Equal(trained.Scores.Min(score => score.LogLoss), trained.Chosen.LogLoss);
        Assert.True(trained.Chosen.Accuracy > 0.6, $"accuracy {trained.Chosen.Accuracy}");
    }

    [Fact]
    public void SameSeed_GivesTheSameHead()
    {
        TrainedHead first = HeadTrainer.Train(TestRows.Make(), Options, seed: 7, Token),
            again = HeadTrainer.Train(TestRows.Make(), Options, seed: 7, Token),
            other = HeadTrainer.Train(TestRows.Make(), Options, seed: 8, Token);

        Assert.Equal(first.Head.Weights, again.Head.Weights);
        Assert.Equal(first.Scores, again.Scores);
        Assert.NotEqual(first.Scores, other.Scores);
    }

    /// <summary>The head itself learns from all rows.</summary>
    [Fact]
    public void FewRowsAreJudged_WhereThereAreMany()
    {
        TrainingOptions options = new() { MaxValidatedRows = 100, Penalties = [1] };

        TrainedHead few = HeadTrainer.Train(TestRows.Make(), options, seed: 7, Token),
            all = HeadTrainer.Train(TestRows.Make(), new TrainingOptions { Penalties = [1] }, seed: 7, Token);

        Assert.NotEqual(all.Chosen.LogLoss, few.Chosen.LogLoss);
        Assert.Equal(all.Head.Weights, few.Head.Weights);
    }

    [Fact]
    public void ClassWithTooFewRows_IsRefused_ByName()
    {
        (float[], string)[] rows = [.. TestRows.Make(), (new float[6], "rare"), (new float[6], "odd")];

        TrainingRefusedException refused = Assert.Throws<TrainingRefusedException>(() => HeadTrainer.Train(rows, Options, 1, Token));

        Assert.Equal("These classes have fewer rows than the 10 that are needed: 'odd' (1), 'rare' (1).", refused.Message);
    }

    [Fact]
    public void VectorsThatDiffer_OrAreNoNumbers_AreRefused()
    {
        Assert.Throws<TrainingRefusedException>(() => TrainingSet.Create([(new float[2], "a"), (new float[3], "b")], 1));
        Assert.Throws<TrainingRefusedException>(() => TrainingSet.Create([(new float[2], "a"), ([1, float.NaN], "b")], 1));
        Assert.Throws<TrainingRefusedException>(() => TrainingSet.Create([(new float[2], "a"), (new float[2], "a")], 1));
    }
}
