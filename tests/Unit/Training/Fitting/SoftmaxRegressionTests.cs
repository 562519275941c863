using Serverless.Training;
using Serverless.Training.Fitting;
using Serverless.Training.Heads;
using Xunit;

namespace Serverless.Unit.Training.Fitting;

public sealed class SoftmaxRegressionTests
{
    private const double Tolerance = 2e-5; // heads keep weights of 32 bits

    /// <summary>
    /// scikit-learn 1.2.1, LogisticRegression(multi_class="multinomial", solver="lbfgs", tol=1e-12) on the rows of <see cref="TestRows"/>:
    /// mean log loss, and the probabilities of rows 0, 7 and 150.
    /// </summary>
    [Theory]
    [InlineData(
        1.0,
        0.7260150584808173,
        new[] { 0.26071831226667597, 0.5397225256283384, 0.1995591621049856 },
        new[] { 0.03450254539667977, 0.25333004900791695, 0.7121674055954034 },
        new[] { 0.08865419616073253, 0.7004382008587764, 0.210907602980491 }
    )]
    [InlineData(
        100.0,
        0.9239549645104713,
        new[] { 0.279656167617682, 0.42590780902724634, 0.2944360233550717 },
        new[] { 0.2263624943227894, 0.289401895852299, 0.4842356098249116 },
        new[] { 0.2592037565765144, 0.38134335649499207, 0.35945288692849364 }
    )]
    public void Matches_ScikitLearn_OnThreeClasses(double penalty, double loss, double[] first, double[] seventh, double[] last)
    {
        IReadOnlyList<(float[] Vector, string Class)> rows = TestRows.Make();
        TrainingSet set = TrainingSet.Create(rows, 2);

        LinearHead head = SoftmaxRegression.Fit(set, [.. Enumerable.Range(0, set.Rows)], penalty, TestContext.Current.CancellationToken);

        foreach ((int row, double[] expected) in new[] { (0, first), (7, seventh), (150, last) })
        {
            double[] found = head.Apply(rows[row].Vector);
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
        double mean = rows.Average(row => -Math.Log(head.Apply(row.Vector)[set.Classes.ToList().IndexOf(row.Class)]));
        Assert.Equal(loss, mean, Tolerance);
    }

    [Fact]
    public void Gradient_IsThatOfTheValue()
    {
        TrainingSet set = TrainingSet.Create(TestRows.Make(), 2);
        SoftmaxObjective objective = new(set, [.. Enumerable.Range(0, 50)], penalty: 3);
        double[] at = [.. Enumerable.Range(0, objective.Parameters).Select(i => Math.Sin(i))];
        double[] gradient = new double[at.Length],
            ignored = new double[at.Length];
        objective.Evaluate(at, gradient);

        for (int i = 0; i < at.Length; i++)
        {
            const double Step = 1e-6;
            double[] above = [.. at],
                below = [.. at];
            above[i] += Step;
            below[i] -= Step;
            double slope = (objective.Evaluate(above, ignored) - objective.Evaluate(below, ignored)) / (2 * Step);
            Assert.Equal(slope, gradient[i], 1e-8);
        }
    }
}
