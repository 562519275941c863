using System.ComponentModel.DataAnnotations;

namespace Serverless.Training;

/// <summary>How classifiers of vectors are trained.</summary>
public sealed class TrainingOptions : IValidatableObject
{
    /// <summary>
    /// Rows that a class needs; default 10. A class with fewer is refused by name: to leave it out would be to unlearn it.
    /// </summary>
    [Range(2, 1_000_000)]
    public int MinRowsOfClass { get; set; } = 10;

    /// <summary>
    /// Parts of the rows, each judged once by a classifier of the others; default 5. Training takes about as many times longer.
    /// </summary>
    [Range(2, 20)]
    public int Folds { get; set; } = 5;

    /// <summary>
    /// Rows by which the penalty is chosen, of each class its share; default 20,000. Of vectors of 384 dimensions and 20 classes they
    /// take some minutes, as all of 170,000 rows then do once.
    /// </summary>
    [Range(100, 10_000_000)]
    public int MaxValidatedRows { get; set; } = 20_000;

    /// <summary>
    /// Penalties on the squares of the weights among which cross-validation chooses, from the strongest; none, the default, stands for
    /// 100, 10, 1, 0.1 and 0.01. Each is the inverse of what scikit-learn calls C.
    /// </summary>
    public IList<double> Penalties { get; set; } = [];

    internal IEnumerable<double> Tried => Penalties.Count > 0 ? Penalties.OrderDescending() : [100, 10, 1, 0.1, 0.01];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Penalties
            .Where(penalty => !(penalty is > 0 and < double.PositiveInfinity))
            .Select(penalty => new ValidationResult($"Penalties holds {penalty}; allowed are numbers above 0."));
}
